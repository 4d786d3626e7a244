// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `api`: a raw call with this account's token.
struct APICommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "api", abstract: "Call the server's API.",
        discussion: .help(
            "Without a method it is GET.", examples: "api '/task?name=demo'", "api GET /run --paginate -o jsonl",
            "api POST /study -f name=adults -f collaboration_id:=1 -f 'organization_ids:=[1,2]'",
            "echo '{\"id\": 12}' | v6-console api POST /kill/task --input -"))

    @Argument(
        help: ArgumentHelp(
            "GET, POST, PATCH, PUT or DELETE; the path below the API path, with a query if need be; a JSON body.",
            valueName: "method> <path> <body"), completion: .values(of: .method))
    var words: [String]

    @Option(help: ArgumentHelp("Read the body from a file; - is standard input.", valueName: "file"))
    var input: String?

    @Option(
        name: [.customShort("f"), .customLong("field")],
        help: ArgumentHelp(
            "Member of the body, or query parameter of a GET: key=text or key:=json.", valueName: "key=value"))
    var members: [String] = []

    @Flag(help: "Fetch all pages of a list and print them as one list.")
    var paginate = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    static let methods = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]

    private var hasMethod: Bool { words.first.map { Self.methods.contains($0.uppercased()) } ?? false }
    private var method: String { hasMethod ? words[0].uppercased() : "GET" }
    private var path: String { words[hasMethod ? 1 : 0] }
    private var body: String? { words.count > 2 ? words[2] : nil }

    func validate() throws {
        guard let first = words.first, words.count <= 3 else {
            throw ValidationError("Give a method, a path, and at most one body.")
        }
        if !hasMethod, words.count > 1 {
            throw ValidationError("\(first) is no method; there is \(Self.methods.joined(separator: ", ")).")
        }
        guard !hasMethod || words.count > 1 else { throw ValidationError("Which path? Such as \(method) /task.") }
        let bodies = [body != nil, input != nil].count { $0 }
        guard bodies < 2 else { throw ValidationError("Give the body once: as argument or with --input.") }
        guard bodies == 0 || members.isEmpty || method == "GET" else {
            throw ValidationError("Give the body once: whole, or by --field.")
        }
        if paginate, method != "GET" { throw ValidationError("--paginate goes with GET.") }
    }

    func run(in context: CommandContext) async throws {
        let fields = try TaskArgument.object(parsing: members)
        let isRead = method == "GET" || method == "HEAD"
        let query = isRead ? fields.map { ($0.key, $0.value.cellText) } : []
        if paginate {
            let list = try await context.records.list(pathWithoutPaging, query: query).records
            try print(.array(list), in: context)
            return
        }
        let answer = try await context.client.call(
            method, path, query: query, body: try requestBody(isRead ? [:] : fields, in: context))
        try print(answer.json, in: context)
    }

    /// All pages are asked for, in our own size: what the path says of them would name the same page each time.
    private var pathWithoutPaging: String {
        let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return path }
        let kept = parts[1].split(separator: "&").filter { !["page", "per_page"].contains($0.prefix { $0 != "=" }) }
        return kept.isEmpty ? parts[0] : parts[0] + "?" + kept.joined(separator: "&")
    }

    private func requestBody(_ fields: JSONObject, in context: CommandContext) throws -> JSONValue? {
        if let body { return try JSONValue(parsing: body) }
        if let input { return try JSONValue(parsing: try InputFile.data(at: input, console: context.console)) }
        return fields.isEmpty ? nil : .object(fields)
    }

    /// JSON unless another format is asked for, also into a pipe: this is what the server said.
    private func print(_ json: JSONValue, in context: CommandContext) throws {
        guard output.format != nil || output.fields != nil else {
            try context.write(json.text(context.console.terminal.outputIsTerminal ? .pretty : .compact) + "\n")
            return
        }
        let records = json["data"]?.arrayValue ?? json.arrayValue
        let first = records?.first ?? json
        let columns = (first.objectValue?.keys ?? []).map { RecordColumn.member($0) }
        let noun = path.split(whereSeparator: { $0 == "/" || $0 == "?" }).first.map(String.init) ?? "item"
        let printer = context.printer(noun: noun, columns: columns, names: NameIndex())
        if context.output.format == .json, output.fields == nil {
            try context.write(json.text(.pretty) + "\n")
        } else {
            try context.console.output.put(records.map(printer.list) ?? printer.single(json))
        }
    }
}
