// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import Testing
import V6Kit

@testable import V6Node

/// The proxy as an algorithm sees it: real HTTP over the run's Unix socket, with a server in memory behind it.
struct AlgorithmProxyTests {
    private let server = StubServer()
    private let transport = CurlTransport()

    private func call(
        _ method: String, _ path: String, body: JSONValue? = nil, token: String? = "the-token", key: PrivateKey? = nil,
        onSubtask: @escaping @Sendable () async -> Void = {}
    ) async throws -> (status: Int, json: JSONValue) {
        let folder = "/tmp/v6p-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let proxy = AlgorithmProxy(
            address: try ServerAddress("http://server", apiPath: "/api"), transport: server, payload: Payload(key: key),
            keys: KeyGuard(own: nil, pins: try RunJournal(path: "\(folder)/journal.sqlite").pins),
            blobs: (folder, 1 << 20), token: "the-token", onSubtask: onSubtask, logger: logger)
        let listener = try await ProxyServer.start(proxy, socket: "\(folder)/s", logger: logger)
        var headers: [(name: String, value: String)] = [("Content-Type", "application/json")]
        if let token { headers.append(("Authorization", "Bearer \(token)")) }
        let response = try await transport.send(
            HTTPRequest(
                method: method, url: "http://proxyserver" + path, headers: headers, body: body?.data(),
                timeout: .seconds(10),
                unixSocket: "\(folder)/s"))
        await listener.stop()
        return (response.status, (try? JSONValue(parsing: response.body)) ?? .null)
    }

    @Test func onlyTheTokenOfTheRunIsAccepted() async throws {
        server.answer("GET /organization", 200, ["data": []])
        #expect(try await call("GET", "/organization").status == 200)
        #expect(try await call("GET", "/organization", token: "another").status == 401)
        #expect(try await call("GET", "/organization", token: nil).status == 401)
        #expect(server.calls.count == 1)
        #expect(server.calls.first?.authorization == "Bearer the-token")
    }

    @Test(arguments: [
        "/token/container", "/user", "/recover/lost", "/organization/../token/node", "/run%2F1", "/kill/task",
    ])
    func whatIsNotForAlgorithmsNeverReachesTheServer(path: String) async throws {
        #expect(try await call("POST", path, body: [:]).status == 403)
        #expect(server.calls.isEmpty)
    }

    /// 4.15.2 hides what the server said behind a 500, after three attempts.
    @Test(arguments: [400, 403, 404, 500, 503])
    func theServersAnswerIsPassedOn(status: Int) async throws {
        server.answer("GET /organization/999?x=1&y=a%20b", status, ["msg": "said by the server"])
        let answer = try await call("GET", "/organization/999?x=1&y=a%20b")
        #expect(answer.status == status)
        #expect(answer.json == ["msg": "said by the server"])
        #expect(server.calls.count == 1)
    }

    @Test func aSubtaskIsSentOnceAndToldOf() async throws {
        server.answer("POST /task", 500, ["msg": "stored, but then"])
        let told = Mutex(0)
        let task: JSONValue = ["name": "sub", "organizations": [["id": 1, "input": "e30="]]]
        #expect(try await call("POST", "/task", body: task, onSubtask: { told.withLock { $0 += 1 } }).status == 500)
        #expect(server.calls.map(\.method) == ["POST"])
        #expect(told.withLock { $0 } == 0)
        server.answer("POST /task", 201, ["id": 9])
        #expect(try await call("POST", "/task", body: task, onSubtask: { told.withLock { $0 += 1 } }).json == ["id": 9])
        #expect(server.calls.last?.body == task)
        #expect(told.withLock { $0 } == 1)
    }

    @Test(arguments: [JSONValue.null, [:], ["organizations": []], ["organizations": "all"]])
    func aSubtaskWithoutOrganizationsIsRefused(body: JSONValue) async throws {
        #expect(try await call("POST", "/task", body: body).status == 400)
        #expect(server.calls.isEmpty)
    }

    @Test func inputsAreEncryptedForEachOrganization() async throws {
        let (mine, theirs) = (try PrivateKey.generate(bits: 2048), try PrivateKey.generate(bits: 2048))
        server.answer("GET /blobstream/status", 200, ["blob_store_enabled": false])
        server.answer("GET /organization/1", 200, ["public_key": .string(mine.publicKey.wire)])
        server.answer("GET /organization/2", 200, ["public_key": .string(theirs.publicKey.wire)])
        server.answer("POST /task", 201, ["id": 9])
        let input = Data(#"{"method": "partial"}"#.utf8)
        let item = { (id: Int) -> JSONValue in ["id": JSONValue(id), "input": .string(input.base64EncodedString())] }
        let answer = try await call(
            "POST", "/task", body: ["name": "sub", "organizations": [item(1), item(2)]], key: mine)
        #expect(answer.status == 201)
        let sent = try #require(server.calls.last?.body["organizations"])
        #expect(try Envelope.open(sent[0]?["input"]?.stringValue ?? "", with: mine) == input)
        #expect(try Envelope.open(sent[1]?["input"]?.stringValue ?? "", with: theirs) == input)
    }

    @Test func anOrganizationWithoutAKeyIsNamed() async throws {
        server.answer("GET /blobstream/status", 200, ["blob_store_enabled": false])
        server.answer("GET /organization/2", 200, ["public_key": ""])
        let answer = try await call(
            "POST", "/task", body: ["organizations": [["id": 2, "input": "e30="]]],
            key: try PrivateKey.generate(bits: 2048))
        #expect(answer.status == 400)
        #expect(answer.json["msg"]?.stringValue?.contains("Organization 2 has no usable public key") == true)
        #expect(!server.calls.contains { $0.method == "POST" })
    }

    @Test func resultsAreDecrypted() async throws {
        let key = try PrivateKey.generate(bits: 2048)
        let binary = Data([0xFF, 0xFE, 0x01])
        let sealed = try Envelope.seal(binary, for: key.publicKey)
        server.answer(
            "GET /result?task_id=3&page=1", 200,
            [
                "data": [
                    ["id": 1, "result": .string(sealed)], ["id": 2, "result": ""],
                    ["id": 3, "result": "no$cipher$text"],
                ]
            ])
        server.answer("GET /result/1", 200, ["id": 1, "result": .string(sealed)])
        let list = try await call("GET", "/result?task_id=3&page=1", key: key).json["data"]
        #expect(list?[0]?["result"]?.stringValue == binary.base64EncodedString())
        #expect(list?[1]?["result"] == "")
        #expect(list?[2]?["result"] == JSONValue.null)
        let one = try await call("GET", "/result/1", key: key)
        #expect(one.status == 200)
        #expect(one.json["result"]?.stringValue == binary.base64EncodedString())
    }

    @Test func openResultsAreLeftAsTheyAre() async throws {
        server.answer("GET /result?task_id=3", 200, ["data": [["id": 1, "result": "e30="]]])
        #expect(try await call("GET", "/result?task_id=3").json["data"]?[0]?["result"] == "e30=")
        #expect(try await call("GET", "/result").status == 400)
    }
}
