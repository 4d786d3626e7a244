// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit
import V6TestSupport

struct BlobTests {
    private static let result = Data(#"{"mean":3.5}"#.utf8)

    /// A server with a blob store: what was uploaded, and the task that was created.
    private final class Store: Sendable {
        let blobs = Mutex<[Data]>([])
        let isEncrypted: Bool
        let key: PublicKey

        init(isEncrypted: Bool, key: PublicKey) {
            self.isEncrypted = isEncrypted
            self.key = key
        }

        func answer(_ request: FixtureServer.Request) -> FixtureServer.Answer {
            switch (request.method, request.path) {
            case ("GET", "/api/blobstream/status"): return .json(["blob_store_enabled": true])
            case ("POST", "/api/blobstream"):
                let count = blobs.withLock { blobs in
                    blobs.append(request.body)
                    return blobs.count
                }
                return .json(["uuid": .string("blob-\(count)")], status: 201)
            case ("GET", "/api/blobstream/blob-1"): return .body(blobs.withLock { $0.first ?? Data() })
            case ("GET", "/api/collaboration/1"):
                return .json(["id": 1, "name": "c", "encrypted": .bool(isEncrypted)])
            case ("GET", "/api/organization/2"):
                return .json(["id": 2, "name": "o", "public_key": .string(key.wire)])
            default: return .json(["msg": "no such thing"], status: 404)
            }
        }
    }

    @Test("an input goes into the blob store and comes back from it", arguments: [false, true])
    func inputs(isEncrypted: Bool) async throws {
        let key = try PrivateKey.generate(bits: 2048)
        let store = Store(isEncrypted: isEncrypted, key: key.publicKey)
        try await FixtureServer.run {
            store.answer($0)
        } body: { server in
            let client = V6Client(address: try ServerAddress(server.root), transport: CurlTransport())
            await client.use(accessToken: V6ClientTests.token(expiry: 1e12))
            let input = TaskInput(method: "m", keywords: ["text": "a$b"])
            let request = TaskRequest(name: "t", image: "i", collaboration: 1, organizations: [2], input: input)
            let body = try await client.tasks.storedBody(for: request)
            #expect(body["organizations"] == [["id": 2, "input": "blob-1"]])
            let blob = try await client.downloadBlob("blob-1")
            let plain =
                isEncrypted
                ? try Envelope.openBlob(blob, with: key)
                : try PlainText.decode(String(decoding: blob, as: UTF8.self))
            #expect(plain == input.data)
            let upload = try #require(server.received.first { $0.method == "POST" })
            #expect(upload.headers["Content-Type"] == "application/octet-stream")
            #expect(upload.headers["Authorization"]?.hasPrefix("Bearer ") == true)
        }
    }

    @Test("a result is fetched from the blob store", arguments: [false, true])
    func results(isEncrypted: Bool) async throws {
        let key = try PrivateKey.generate(bits: 2048)
        let store = Store(isEncrypted: isEncrypted, key: key.publicKey)
        let blob =
            isEncrypted
            ? try Envelope.sealBlob(Self.result, for: key.publicKey) : Data(PlainText.encode(Self.result).utf8)
        store.blobs.withLock { $0 = [blob] }
        let record = try JSONDecoder().decode(
            RunResult.self, from: Data(#"{"id":1,"result":"blob-1","blob_storage_used":true}"#.utf8))
        try await FixtureServer.run {
            store.answer($0)
        } body: { server in
            let client = V6Client(address: try ServerAddress(server.root), transport: CurlTransport())
            await client.use(accessToken: V6ClientTests.token(expiry: 1e12))
            let content = try await client.results.decoded(record, isEncrypted: isEncrypted, privateKey: key)
            #expect(content == .json(["mean": 3.5]))
        }
    }

    @Test("a server that does not know blob stores has none")
    func olderServer() async throws {
        try await FixtureServer.run { _ in
            .json(["msg": "no such thing"], status: 404)
        } body: { server in
            let client = V6Client(address: try ServerAddress(server.root), transport: CurlTransport())
            await client.use(accessToken: V6ClientTests.token(expiry: 1e12))
            #expect(try await !client.usesBlobStore())
            await #expect(throws: APIError.self) { try await client.downloadBlob("x") }
        }
    }
}
