// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// What keeps a server from starting, and how it is told.
struct StartFailureTests {
    @Test func busyPortIsNamed() async throws {
        try await TestServer.run { first in
            let port = try #require(Int(first.address.root.split(separator: ":").last ?? ""))
            try await withTemporaryDirectory { folder in
                var configuration = ServerConfiguration(
                    database: .sqlite(path: folder.appendingPathComponent("second.sqlite").path))
                configuration.port = port
                let error = await #expect(throws: StartError.self) {
                    try await Self.start(configuration)
                }
                #expect(error?.description.contains("port \(port) on 127.0.0.1 is in use") == true)
            }
        }
    }

    private static func start(_ configuration: ServerConfiguration) async throws {
        let server = try await Server(
            configuration: configuration, environment: ["V6_INIT_SUPER_PASS_HASHED": TestNetwork.hash],
            logger: TestServer.quiet)
        try await server.run(handlesSignals: false) { _ in }
    }

    @Test func everyFaultOfAConfigurationIsToldAtOnce() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appendingPathComponent("server.yaml")
            let text = """
                description: test
                port: 70000
                uri: mysql://nowhere
                logging:
                  level: LOUD
                two_factor_auth: maybe
                prot: 5000
                """
            try Data(text.utf8).write(to: file)
            let error = #expect(throws: ConfigurationError.self) {
                try ServerConfiguration.load(path: file.path, environment: [:])
            }
            let faults = error?.faults.map { "\($0.line ?? 0) \($0.key)" }
            #expect(faults == ["2 port", "3 uri", "5 logging.level", "6 two_factor_auth", "7 prot"])
        }
    }

    @Test func aDatabaseThatIsNoneIsNamed() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("letter.txt").path
            try Data(String(repeating: "Dear reader, ", count: 100).utf8).write(to: URL(fileURLWithPath: path))
            let error = await #expect(throws: StoreError.self) { try await SQLiteStore(path: path) }
            #expect(error?.description.contains(path) == true)
        }
    }

    @Test func unknownKeysAreOnlyWarnedOf() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appendingPathComponent("server.yaml")
            try Data("uri: sqlite:////tmp/x.sqlite\nport: 5000\nserver_nam: x\n".utf8).write(to: file)
            let (configuration, warnings) = try ServerConfiguration.load(path: file.path, environment: [:])
            #expect(configuration.apiPath == "/api")
            #expect(warnings.count == 1 && warnings[0].contains("server_name"))
        }
    }
}
