// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// Inputs and results outside the database.
struct BlobTests {
    private static func upload(_ server: TestServer, _ token: String, _ data: Data) async throws -> HTTPResponse {
        try await server.transport.send(
            HTTPRequest(
                method: "POST", url: server.address.url("/blobstream"), headers: [("Authorization", "Bearer \(token)")],
                body: data, timeout: .seconds(30)))
    }

    @Test func whatIsUploadedComesBackUntilItsRunIsGone() async throws {
        try await withTemporaryDirectory { folder in
            let blobs = folder.appendingPathComponent("blobs").path
            try await TestServer.run {
                $0.blobs = BlobConfiguration(place: .folder(blobs))
            } body: { server in
                let network = try await TestNetwork(server)
                let token = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
                let stranger = try await network.user("eve", of: network.gamma, roles: [.researcher]).token
                let data = Data((0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
                let answer = try await Self.upload(server, token, data)
                #expect(answer.status == 201)
                let name = try #require(try JSONValue(parsing: answer.body)["uuid"]?.stringValue)
                #expect(try await server.send("GET", "/blobstream/\(name)", token: token).status == 404)

                var body = network.taskBody([network.alpha]).objectValue ?? [:]
                body["organizations"] = [["id": .integer(network.alpha), "input": .string(name)]]
                let task = try await server.send("POST", "/task", token: token, body: .object(body))
                #expect(task.status == 201)
                let back = try await server.transport.send(
                    HTTPRequest(
                        url: server.address.url("/blobstream/\(name)"), headers: [("Authorization", "Bearer \(token)")])
                )
                #expect(back.body == data)
                #expect(try await server.send("GET", "/blobstream/\(name)", token: stranger).status == 401)

                let id = task.json["id"]?.intValue ?? 0
                #expect(try await server.send("DELETE", "/task/\(id)", token: token).status == 200)
                #expect(try FileManager.default.contentsOfDirectory(atPath: blobs).isEmpty)
            }
        }
    }

    @Test func tooLargeUploadsLeaveNothingBehind() async throws {
        try await withTemporaryDirectory { folder in
            let blobs = folder.appendingPathComponent("blobs").path
            let change: @Sendable (inout ServerConfiguration) -> Void = {
                $0.blobs = BlobConfiguration(place: .folder(blobs), maximumSize: 1000)
            }
            try await TestServer.run(change) { server in
                let network = try await TestNetwork(server)
                let token = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
                let answer = try await Self.upload(server, token, Data(count: 1001))
                #expect(answer.status == 413)
                #expect(try FileManager.default.contentsOfDirectory(atPath: blobs).isEmpty)
                let viewer = try await network.user("vic", of: network.alpha, roles: [.viewer]).token
                #expect(try await Self.upload(server, viewer, Data("x".utf8)).status == 401)
            }
        }
    }

    @Test func withoutAStoreThereIsNone() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let token = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            #expect(
                try await server.send("GET", "/blobstream/status", token: token).json["blob_store_enabled"] == false)
            #expect(try await Self.upload(server, token, Data("x".utf8)).status == 501)
        }
    }

    @Test func namesNeverReachOtherFiles() async throws {
        try await withTemporaryDirectory { folder in
            let store = try DiskBlobStore(folder: folder.appendingPathComponent("b").path, maximumSize: 10)
            try Data("secret".utf8).write(to: folder.appendingPathComponent("secret"))
            #expect(try await store.open("../secret") == nil)
            #expect(try await store.open("AAAAAAAA-2222-4222-8222-222222222222") == nil)
            try await store.remove("../secret")
            #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("secret").path))
        }
    }
}
