// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import V6Kit

/// The command `v6-node new`.
struct NewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Set a node up: asks for server and API key, checks both, writes the configuration.",
        discussion: "What is not given is asked for. An existing file is never overwritten.")

    @Argument(help: "The name of the node on this machine: letters, digits, \"_\", \".\" and \"-\".") var name: String
    @Option(help: "The server, such as https://v6.example.org or http://127.0.0.1:7601.") var server: String?
    @Option(help: "The path below which the server's API is.") var apiPath = "/api"
    @Option(help: "A file that holds the API key.", completion: .file()) var apiKeyFile: String?
    @Option(help: "A database as LABEL=PATH-OR-URI:TYPE; may be repeated.") var database: [String] = []
    @Option(name: [.short, .long], help: "The file to write.", completion: .file()) var output: String?
    @Option(help: "The data folder of the node.", completion: .directory) var dataFolder: String?

    func run() async throws {
        try await CommandFailure.report {
            let environment = ProcessInfo.processInfo.environment
            guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }) else {
                throw NodeError(
                    .configuration, "the name of a node has letters, digits, \"_\", \".\" and \"-\" only: \(name)")
            }
            let directories = BaseDirectories(program: "vantage6/node", environment: environment)
            let path = output ?? "\(directories.config)/\(name).yaml"
            guard !FileManager.default.fileExists(atPath: path) else {
                throw NodeError(.configuration, "\(path) exists already and is not overwritten")
            }
            let databases = try database.map(Self.database)
            let transport = CommandTransport.make(environment)
            let client = try await client(transport)
            let (identity, key) = try await signIn(client)
            print("The server knows this node: \(identity.name) of \(identity.organizationName),")
            print(
                "in the collaboration \(identity.collaborationName), which is \(identity.isEncrypted ? "" : "not ")encrypted."
            )
            let address = URLComponents(string: client.address.root)
            let folder = dataFolder ?? BaseDirectories(program: "vantage6/node/\(name)", environment: environment).data
            var host = address
            host?.port = nil
            let template = ConfigurationTemplate(
                server: host?.string ?? client.address.root,
                port: address?.port ?? (address?.scheme == "http" ? 80 : 443), apiPath: apiPath, apiKey: key,
                isEncrypted: identity.isEncrypted, privateKey: identity.isEncrypted ? "\(folder)/private_key.pem" : nil,
                databases: databases, dataFolder: folder,
                title: "\(identity.name) of \(identity.organizationName) in \(identity.collaborationName)")
            try Self.write(template.text, to: path)
            print("\nWritten: \(path) (readable by you only)")
            if identity.isEncrypted {
                print("Next: put the organization's private key into \(folder)/private_key.pem, or make one:")
                print("      mkdir -p \(folder) && v6-node keygen --output \(folder)/private_key.pem")
            }
            print("Next: v6-node check --config \(path)")
            print("Then: v6-node start --config \(path)")
        }
    }

    /// Asks for the server until one answers.
    private func client(_ transport: CurlTransport) async throws -> V6Client {
        var given = server
        while true {
            let text = try given ?? Prompt.line("Server (https://…): ")
            do {
                let address = try ServerAddress(text, apiPath: apiPath)
                let client = V6Client(address: address, transport: transport)
                let version = try await client.callOpenly("GET", "/version").json["version"]?.stringValue
                guard let version else {
                    throw NodeError(
                        .unavailable, "\(address) answers, but not as a vantage6 server; is --api-path right?")
                }
                print("vantage6 \(version) answers at \(address)")
                return client
            } catch  where given == nil && Prompt.isPossible && !(error is CancellationError) {
                CommandFailure.write("\(error)")
            }
            given = nil
        }
    }

    /// Asks for the API key until the server takes one.
    private func signIn(_ client: V6Client) async throws -> (NodeIdentity, String) {
        let logger = Logger(label: "v6-node") { _ in SwiftLogNoOpLogHandler() }
        var given = try apiKeyFile.map { path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw NodeError(.configuration, "the file of the API key cannot be read: \(path)")
            }
            return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        while true {
            let key = try given ?? Prompt.secret("API key: ")
            let link = ServerLink(client: client, apiKey: key, logger: logger)
            do {
                try await link.authenticate()
                return (try await NodeLogin.identify(link), key)
            } catch let error as APIError {
                let text = "the server refuses the API key: \(error.message)"
                guard given == nil, Prompt.isPossible else { throw NodeError(.credentials, text) }
                CommandFailure.write(text)
            }
            given = nil
        }
    }

    /// `LABEL=PATH-OR-URI:TYPE`.
    static func database(_ text: String) throws -> ConfigurationTemplate.Database {
        guard let equals = text.firstIndex(of: "="), let colon = text.lastIndex(of: ":"), equals < colon,
            text.index(after: equals) < colon, text.index(after: colon) < text.endIndex
        else {
            throw NodeError(
                .configuration, "a database is LABEL=PATH-OR-URI:TYPE, such as default=/data/a.csv:csv, not \"\(text)\""
            )
        }
        return .init(
            label: String(text[..<equals]), uri: String(text[text.index(after: equals)..<colon]),
            type: String(text[text.index(after: colon)...]))
    }

    private static func write(_ text: String, to path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw NodeError(.configuration, "\(folder) cannot be made: \(error.localizedDescription)")
        }
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw NodeError(.configuration, "\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }
}
