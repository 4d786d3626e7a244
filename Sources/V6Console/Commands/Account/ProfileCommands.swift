// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `profile`.
struct ProfileCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "Name servers and accounts.",
        subcommands: [ProfileList.self, ProfileShow.self, ProfileUse.self, ProfileAdd.self], aliases: ["profiles"])

    static let columns: [RecordColumn] = [
        .member("name"), .member("current"), .member("url"), .member("user"), .member("collaboration"),
        .member("api_path", detail: true), .member("private_key", detail: true), .member("readonly", detail: true),
    ]

    static func record(_ profile: Profile, isCurrent: Bool) -> JSONValue {
        [
            "name": .string(profile.name), "current": .string(isCurrent ? "yes" : ""), "url": .string(profile.url),
            "api_path": JSONValue(profile.apiPath), "user": JSONValue(profile.username),
            "private_key": JSONValue(profile.privateKey), "collaboration": JSONValue(profile.collaboration),
            "readonly": .bool(profile.readOnly),
        ]
    }

    static func printer(_ output: OutputOptions, _ console: ScriptConsole) throws -> RecordPrinter {
        try OutputSettings(output, console: console).printer(noun: "profile", columns: columns, console: console)
    }

    /// Changes the user's own file and leaves the rest of it alone.
    static func edit(_ console: ScriptConsole, _ change: (inout ConfigurationText) throws -> Void) throws {
        let path = console.paths.configurationFile
        let exists = FileManager.default.fileExists(atPath: path)
        var text = ConfigurationText(
            exists ? try InputFile.text(at: path, console: console) : ConfigurationSchema.modeline + "\n")
        try change(&text)
        // Whatever the file looked like before, what is written must be readable.
        _ = try ConsoleConfiguration(text: text.text, name: path)
        // What the first line names for editors lies beside it, of this version of the program.
        try PrivateFile.write(Data(ConfigurationSchema.text.utf8), to: console.paths.schemaFile)
        try PrivateFile.write(Data(text.text.utf8), to: path)
    }
}

/// `profile list`.
struct ProfileList: FormattedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the profiles.",
        discussion: .help(examples: "profile list"), aliases: ["ls"])

    @OptionGroup var output: OutputOptions

    func run(in console: ScriptConsole) async throws {
        let all = try ConsoleConfiguration.load(from: console.paths)
        let records = all.profiles.map { ProfileCommands.record($0, isCurrent: $0.name == all.current) }
        if records.isEmpty { try console.talk.line("No profile yet. profile add NAME --server URL makes one.") }
        try console.output.put(ProfileCommands.printer(output, console).list(records))
    }
}

/// `profile show`.
struct ProfileShow: FormattedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one profile.",
        discussion: .help(examples: "profile show prod"))

    @Argument(help: "Its name; the current one when left out.", completion: .values(of: .profile))
    var name: String?

    @OptionGroup var output: OutputOptions

    func run(in console: ScriptConsole) async throws {
        let all = try ConsoleConfiguration.load(from: console.paths)
        guard let name = name ?? all.current else {
            throw ConsoleFailure(.usage, "Which profile?", advice: "None is current; give its name.")
        }
        let profile = try all.profile(named: name)
        let record = ProfileCommands.record(profile, isCurrent: name == all.current)
        try console.output.put(ProfileCommands.printer(output, console).single(record))
    }
}

/// `profile use`.
struct ProfileUse: ScriptCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Make a profile the current one.",
        discussion: .help(examples: "profile use prod"))

    @Argument(help: "Its name.", completion: .values(of: .profile))
    var name: String

    func run(in console: ScriptConsole) async throws {
        let profile = try ConsoleConfiguration.load(from: console.paths).profile(named: name)
        try ProfileCommands.edit(console) { $0.use(profile: name) }
        try console.talk.line("\(name) (\(profile.url)) is the current profile.")
    }
}

/// `profile add`.
struct ProfileAdd: ScriptCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a profile; the first one becomes current.",
        discussion: .help(
            examples: "profile add prod --server https://v6.example.org --username anna --collaboration lungs"))

    @Argument(help: "Its name.")
    var name: String

    @Option(
        help: ArgumentHelp("Collaboration that commands use when none is given.", valueName: "name or id"),
        completion: .values(of: .collaboration))
    var collaboration: String?

    @OptionGroup var account: AccountOptions

    func run(in console: ScriptConsole) async throws {
        guard let server = account.server else {
            throw ConsoleFailure(.usage, "Which server?", advice: "Give --server URL.")
        }
        _ = try ServerAddress(server, apiPath: account.apiPath)
        let all = try ConsoleConfiguration.load(from: console.paths)
        guard !all.profiles.contains(where: { $0.name == name }) else {
            throw ConsoleFailure(
                .rejected, "There is a profile \(name) already.",
                advice: "Change it in \(console.paths.configurationFile).")
        }
        let key = account.privateKey.map { URL(filePath: $0).standardizedFileURL.path(percentEncoded: false) }
        try ProfileCommands.edit(console) { text in
            text.add(
                Profile(
                    name: name, url: server, apiPath: account.apiPath, username: account.username, privateKey: key,
                    collaboration: collaboration, readOnly: account.readOnly))
            if all.current == nil { text.use(profile: name) }
        }
        try console.talk.line("Added \(name). Sign in with auth login --profile \(name).")
    }
}
