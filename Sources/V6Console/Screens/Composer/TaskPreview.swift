// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A task before it is sent, in the words of others.
enum TaskPreview: String, Hashable, Sendable, CaseIterable {
    case json, shell, python, checks

    var title: String {
        switch self {
        case .json: "JSON"
        case .shell: "shell command"
        case .python: "Python"
        case .checks: "checks"
        }
    }

    /// The one to show next.
    ///
    /// A wide screen always shows one and has the checks beside it; a narrow one shows the form between.
    static func next(after current: TaskPreview?, isWide: Bool) -> TaskPreview? {
        switch (current, isWide) {
        case (nil, true): .shell
        case (nil, false): .json
        case (.json, _): .shell
        case (.shell, _): .python
        case (.python, true): .json
        case (.python, false): .checks
        case (.checks, _): isWide ? .json : nil
        }
    }

    /// The lines of it.
    func lines(_ task: TaskDraft, server: String, username: String) -> [String] {
        let text =
            switch self {
            case .json: Self.request(task).text(.pretty)
            case .shell: TaskActions.shellCommand(task, separator: " \\\n  ")
            case .python: Self.python(task, server: server, username: username)
            case .checks: ""
            }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The body of the request, its input in clear.
    private static func request(_ task: TaskDraft) -> JSONValue {
        var body: JSONObject = ["name": .string(task.name), "image": .string(task.image)]
        body["collaboration_id"] = JSONValue(task.collaboration)
        body["study_id"] = task.study.map { JSONValue($0) }
        body["store_id"] = task.store.map { JSONValue($0) }
        body["organizations"] = .array(task.organizations.map { ["id": JSONValue($0)] })
        body["databases"] = .array(task.databases.map { ["label": .string($0)] })
        body["input"] = task.input
        return .object(body)
    }

    /// A value as Python writes it.
    private static func literal(_ value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .array(let items): "[\(items.map(literal).joined(separator: ", "))]"
        case .object(let object):
            "{\(object.map { "\(literal(.string($0.key))): \(literal($0.value))" }.joined(separator: ", "))}"
        case .string, .integer, .number: value.text()
        }
    }

    /// The same with the original Python client.
    private static func python(_ task: TaskDraft, server: String, username: String) -> String {
        func quoted(_ text: String) -> String { literal(.string(text)) }
        let scheme = server.prefix { $0 != ":" }
        let rest = server.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" }
        let path = String(rest.dropFirst(authority.count))
        let parts = authority.split(separator: ":")
        let host = "\(scheme)://\(parts.first.map(String.init) ?? "")"
        let port = parts.count > 1 ? String(parts[1]) : scheme == "https" ? "443" : "80"
        var call = [
            "    collaboration=\(task.collaboration),",
            "    organizations=[\(task.organizations.map(String.init).joined(separator: ", "))],",
            "    name=\(quoted(task.name)), description=\"\",", "    image=\(quoted(task.image)),",
            "    input_=\(literal(task.input)),",
            "    databases=[\(task.databases.map { "{\"label\": \(quoted($0))}" }.joined(separator: ", "))],",
        ]
        if let study = task.study { call.insert("    study=\(study),", at: 1) }
        if let store = task.store { call.insert("    store=\(store),", at: 1) }
        return
            ([
                "from getpass import getpass", "from vantage6.client import Client", "",
                "client = Client(\(quoted(host)), \(port), \(quoted(path)))",
                "client.authenticate(\(quoted(username)), getpass())",
                "client.setup_encryption(None)  # or the path of your private key", "task = client.task.create(",
            ] + call + [")", "print(client.wait_for_results(task[\"id\"]))"]).joined(separator: "\n")
    }
}
