// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

/// Whether node and server agree about encryption and about the organization's key.
struct NodeLoginTests {
    private let server = StubServer()
    private let (own, other): (PrivateKey, PrivateKey)

    init() throws {
        (own, other) = (try PrivateKey.generate(bits: 2048), try PrivateKey.generate(bits: 2048))
    }

    private func login(
        isEncrypted: Bool = true, there: Bool = true, known: PublicKey?, replaces: Bool = false
    ) async throws {
        server.answer(
            "GET /node/5", 200, ["name": "alpha", "organization": ["id": 1], "collaboration": ["id": 1]])
        server.answer(
            "GET /organization/1", 200,
            ["name": "alpha", "public_key": known.map { .string($0.wire) } ?? .null])
        server.answer("GET /collaboration/1", 200, ["name": "study", "encrypted": .bool(there)])
        server.answer("PATCH /organization/1", 200, [:])
        try await withTemporaryDirectory { folder in
            let file = folder.appendingPathComponent("key.pem")
            try Data(own.pem.utf8).write(to: file)
            var configuration = NodeConfiguration(
                name: "test", apiKey: "key", server: "http://server", apiPath: "/api", privateKeyPath: file.path,
                parallelRuns: 1, dataFolder: folder.path)
            configuration.isEncrypted = isEncrypted
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let link = ServerLink(
                client: V6Client(address: try ServerAddress("http://server", apiPath: "/api"), transport: server),
                apiKey: "key", logger: logger)
            _ = try await NodeLogin(
                configuration: configuration, link: link, replacesPublicKey: replaces, logger: logger
            ).perform()
        }
    }

    private var published: [JSONValue] {
        server.calls.filter { $0.method == "PATCH" }.compactMap { $0.body["public_key"] }
    }

    @Test func theKeyOfTheServerIsLeftAlone() async throws {
        try await login(known: own.publicKey)
        #expect(published.isEmpty)
    }

    @Test func anOrganizationWithoutAKeyGetsIt() async throws {
        try await login(known: nil)
        #expect(published == [.string(own.publicKey.wire)])
    }

    /// 4.15.2 overwrites it.
    @Test func anotherKeyIsAnErrorThatNamesBoth() async throws {
        let error = await #expect(throws: NodeError.self) { try await login(known: other.publicKey) }
        let text = error?.description ?? ""
        #expect(text.contains(own.publicKey.fingerprint) && text.contains(other.publicKey.fingerprint))
        #expect(text.contains("--replace-public-key"))
        #expect(published.isEmpty)
    }

    @Test func itIsReplacedOnDemandOnly() async throws {
        try await login(known: other.publicKey, replaces: true)
        #expect(published == [.string(own.publicKey.wire)])
    }

    @Test(arguments: [true, false])
    func encryptionMustBeWhatTheCollaborationSays(here: Bool) async throws {
        let error = await #expect(throws: NodeError.self) {
            try await login(isEncrypted: here, there: !here, known: own.publicKey)
        }
        #expect(error?.description.contains("Set it to \(!here)") == true)
    }

    @Test func aWrongAPIKeySaysSo() async throws {
        server.answer("POST /token/node", 401, ["msg": "Api key is not valid!"])
        let error = await #expect(throws: NodeError.self) { try await login(known: nil) }
        #expect(error?.description.contains("api_key") == true)
    }
}
