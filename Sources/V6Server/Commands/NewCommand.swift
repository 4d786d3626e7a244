// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `v6-server new`.
struct NewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Writes a configuration with safe defaults.",
        discussion: "Asks for what was not given, unless --non-interactive takes the defaults. Overwrites nothing.")

    @Option(help: "The name of the configuration.")
    var name = "server"

    @Option(name: .shortAndLong, help: "The file to write (default: NAME.yaml in the configuration folder).")
    var output: String?

    @Option(help: "The address to listen on.")
    var host: String?

    @Option(help: "The port to listen on.")
    var port: Int?

    @Option(help: "The path before all endpoints.")
    var apiPath: String?

    @Option(help: "The database, as sqlite:///FILE or postgresql://….")
    var database: String?

    @Option(help: "The address that clients use, such as https://vantage6.example.org.")
    var serverURL: String?

    @Flag(inversion: .prefixedNo, help: "Whether users must have a second factor.")
    var twoFactorAuth: Bool?

    @Flag(help: "Ask nothing; take defaults for what was not given.")
    var nonInteractive = false

    func validate() throws {
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw ValidationError("--name: expected a plain name, found \"\(name)\".")
        }
        if let port, !(0...65535).contains(port) {
            throw ValidationError("--port: expected a number from 0 to 65535, found \(port).")
        }
    }

    func run() async throws {
        try await Terminal.reporting {
            let folders = BaseDirectories(
                program: "vantage6/server", environment: ProcessInfo.processInfo.environment)
            let path = output ?? "\(folders.config)/\(name).yaml"
            guard !FileManager.default.fileExists(atPath: path) else {
                throw StartError("\(path) is there already; give another --name or --output")
            }
            guard nonInteractive || Terminal.isInteractive else {
                throw StartError("there is nobody to ask; give --non-interactive to take the defaults")
            }
            let draft = try ask()
            try PrivateFile.create(path, draft.yaml)
            // What was written must be what the server reads.
            _ = try ServerConfiguration.load(path: path, environment: [:])
            Terminal.say("wrote \(path)")
            Terminal.say("next: v6-server start --config \(path)")
        }
    }

    private func ask() throws -> ConfigurationDraft {
        var draft = ConfigurationDraft(name: name)
        draft.host = answer(host, "Address to listen on", draft.host)
        draft.port = try number(port, "Port", draft.port)
        draft.apiPath = answer(apiPath, "Path before all endpoints", draft.apiPath)
        draft.database = answer(database, "Database (sqlite:///FILE or postgresql://…)", draft.database)
        guard DatabaseAddress(draft.database, folder: ".") != nil else {
            throw StartError("expected sqlite:///FILE or postgresql://… for the database, found \"\(draft.database)\"")
        }
        draft.serverURL = answer(serverURL, "Address that clients use, empty for none", draft.serverURL)
        if let twoFactorAuth {
            draft.twoFactorAuth = twoFactorAuth
        } else {
            draft.twoFactorAuth = ["y", "yes"].contains(answer(nil, "Must users have a second factor (yes/no)", "no"))
        }
        return draft
    }

    private func answer(_ given: String?, _ question: String, _ standard: String) -> String {
        if let given { return given }
        if nonInteractive { return standard }
        let answer = Terminal.ask("\(question)\(standard.isEmpty ? "" : " [\(standard)]"): ")
        return answer.isEmpty ? standard : answer
    }

    private func number(_ given: Int?, _ question: String, _ standard: Int) throws -> Int {
        let text = answer(given.map(String.init), question, String(standard))
        guard let number = Int(text), (0...65535).contains(number) else {
            throw StartError("expected a port from 0 to 65535, found \"\(text)\"")
        }
        return number
    }
}
