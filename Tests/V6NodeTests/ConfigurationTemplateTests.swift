// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

/// The file that `v6-node new` writes is one that `v6-node start` reads.
struct ConfigurationTemplateTests {
    @Test func whatIsWrittenIsRead() async throws {
        try await withTemporaryDirectory { folder in
            let data = folder.appendingPathComponent("a b\".csv")
            try Data("a\n1\n".utf8).write(to: data)
            let template = ConfigurationTemplate(
                server: "https://v6.example.org", port: 443, apiPath: "/api", apiKey: "k\"e\\y: #1", isEncrypted: true,
                privateKey: "/keys/x.pem",
                databases: [
                    .init(label: "default", uri: data.path, type: "csv"),
                    .init(label: "pg", uri: "postgresql://u:p@db:5432/x", type: "sql"),
                ], dataFolder: "/srv/v6", title: "node of\norganization: # x")
            var warnings: [String] = []
            let configuration = try NodeConfiguration.read(
                ConfigurationReader(text: template.text, name: "site.yaml"), name: "site", environment: [:]
            ) { warnings.append($0) }
            #expect(warnings == [])
            #expect(configuration.apiKey == "k\"e\\y: #1")
            #expect(configuration.server == "https://v6.example.org:443")
            #expect(configuration.isEncrypted && configuration.privateKeyPath == "/keys/x.pem")
            #expect(configuration.databases.map(\.label) == ["default", "pg"])
            #expect(configuration.databases[0].isMountedReadOnly && configuration.databases[0].uri == data.path)
            #expect(configuration.dataFolder == "/srv/v6")
        }
    }

    @Test func aNodeWithoutDatabasesIsOne() throws {
        let template = ConfigurationTemplate(
            server: "http://127.0.0.1", port: 7601, apiPath: "", apiKey: "k", isEncrypted: false, privateKey: nil,
            databases: [], dataFolder: "/d", title: "t")
        let configuration = try NodeConfiguration.read(
            ConfigurationReader(text: template.text, name: "site.yaml"), name: "site", environment: [:]
        ) { _ in }
        #expect(configuration.databases.isEmpty && !configuration.isEncrypted && configuration.apiPath.isEmpty)
    }

    @Test(arguments: [
        ("default=/data/a.csv:csv", "default", "/data/a.csv", "csv"),
        ("pg=postgresql://u:p@h:5432/x:sql", "pg", "postgresql://u:p@h:5432/x", "sql"),
    ])
    func databasesOnTheCommandLine(text: String, label: String, uri: String, type: String) throws {
        #expect(try NewCommand.database(text) == .init(label: label, uri: uri, type: type))
    }

    @Test(arguments: ["", "a", "a=b", "a=:csv", "=x", "a=b:"])
    func noDatabases(text: String) {
        #expect(throws: NodeError.self) { try NewCommand.database(text) }
    }
}
