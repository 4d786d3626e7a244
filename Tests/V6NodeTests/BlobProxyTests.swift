// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

/// Blobs through the proxy, with a real server behind it that keeps them.
struct BlobProxyTests {
    private static let limit = 3 << 20

    /// Keeps the last blob, as a server with `large_result_store` does.
    private final class Store: Sendable {
        let blob = Mutex(Data())
        let organizationKey: String

        init(organizationKey: String) { self.organizationKey = organizationKey }

        @Sendable func answer(_ request: FixtureServer.Request) -> FixtureServer.Answer {
            switch (request.method, request.path) {
            case ("POST", "/api/blobstream"):
                blob.withLock { $0 = request.body }
                return .json(["uuid": "u-1"], status: 201)
            case ("GET", "/api/blobstream/u-1"):
                return .body(
                    blob.withLock { $0 }, headers: [("Content-Type", "application/octet-stream")])
            case ("GET", "/api/organization/7"): return .json(["public_key": .string(organizationKey)])
            default: return .json(["msg": "no such thing"], status: 404)
            }
        }
    }

    private struct Proxy: Sendable {
        let socket: String

        func ask(
            _ method: String, _ path: String, body: Data? = nil, key: String? = nil
        ) async throws -> HTTPResponse {
            var headers: [(name: String, value: String)] = [("Authorization", "Bearer t")]
            if let key { headers.append(("X-Public-Key", key)) }
            return try await CurlTransport().send(
                HTTPRequest(
                    method: method, url: "http://proxyserver" + path, headers: headers, body: body,
                    timeout: .seconds(30), unixSocket: socket))
        }
    }

    private func withProxy(
        key: PrivateKey?, store: Store, _ body: @escaping @Sendable (Proxy) async throws -> Void
    ) async throws {
        try await FixtureServer.run(answer: store.answer) { server in
            try await withTemporaryDirectory { folder in
                let folder = folder.path
                var logger = Logger(label: "test")
                logger.logLevel = .critical
                let proxy = AlgorithmProxy(
                    address: try ServerAddress(server.root, apiPath: "/api"), transport: CurlTransport(),
                    payload: Payload(key: key),
                    keys: KeyGuard(own: nil, pins: try RunJournal(path: "\(folder)/journal.sqlite").pins),
                    blobs: (folder, Self.limit), token: "t", onSubtask: {}, logger: logger)
                let listener = try await ProxyServer.start(proxy, socket: "\(folder)/s", logger: logger)
                let outcome: Result<Void, any Error>
                do { outcome = .success(try await body(Proxy(socket: "\(folder)/s"))) } catch {
                    outcome = .failure(error)
                }
                await listener.stop()
                try outcome.get()
                let left = try FileManager.default.contentsOfDirectory(atPath: folder)
                #expect(!left.contains { $0.hasPrefix("upload-") })
            }
        }
    }

    private let input = Data((0..<2_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) })

    @Test func blobsAreEncryptedAndDecryptedOnTheWay() async throws {
        let key = try PrivateKey.generate(bits: 2048)
        let store = Store(organizationKey: key.publicKey.wire)
        let input = input
        try await withProxy(key: key, store: store) { proxy in
            let unknown = try await proxy.ask("POST", "/blobstream", body: input, key: key.publicKey.wire)
            #expect(unknown.status == 403)
            let organization = try await proxy.ask("GET", "/organization/7")
            #expect(organization.status == 200)
            let stored = try await proxy.ask("POST", "/blobstream", body: input, key: key.publicKey.wire)
            #expect(stored.status == 201)
            #expect(try JSONValue(parsing: stored.body)["uuid"] == "u-1")
            let blob = store.blob.withLock { $0 }
            #expect(blob != input)
            #expect(try Envelope.openBlob(blob, with: key) == input)
            let fetched = try await proxy.ask("GET", "/blobstream/u-1")
            #expect(fetched.status == 200)
            #expect(fetched.body == input)
        }
    }

    @Test func openBlobsAreBase64AtTheServer() async throws {
        let store = Store(organizationKey: "")
        let input = input
        try await withProxy(key: nil, store: store) { proxy in
            let stored = try await proxy.ask("POST", "/blobstream", body: input, key: "anything")
            #expect(stored.status == 201)
            #expect(store.blob.withLock { $0 } == input.base64EncodedData())
            let fetched = try await proxy.ask("GET", "/blobstream/u-1")
            #expect(fetched.body == input)
        }
    }

    @Test func refusalsHaveTheirReasons() async throws {
        let key = try PrivateKey.generate(bits: 2048)
        let store = Store(organizationKey: "")
        try await withProxy(key: key, store: store) { proxy in
            let without = try await proxy.ask("POST", "/blobstream", body: Data("x".utf8))
            #expect(without.status == 400)
            let unreadable = try await proxy.ask("POST", "/blobstream", body: Data("x".utf8), key: "x")
            #expect(unreadable.status == 400)
            let missing = try await proxy.ask("GET", "/blobstream/u-2")
            #expect(missing.status == 404)
            store.blob.withLock { $0 = Data("no envelope".utf8) }
            let strange = try await proxy.ask("GET", "/blobstream/u-1")
            #expect(strange.status == 502)
        }
        try await withProxy(key: nil, store: store) { proxy in
            let large = try await proxy.ask("POST", "/blobstream", body: Data(count: Self.limit + 1), key: "x")
            #expect(large.status == 413)
        }
    }
}
