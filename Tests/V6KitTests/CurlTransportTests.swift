// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit
import V6TestSupport

struct CurlTransportTests {
    private let transport = CurlTransport()

    @Test("method, header fields and body arrive, status, fields and body come back")
    func exchange() async throws {
        try await FixtureServer.run { request in
            .body(
                request.body, status: 201,
                headers: [("X-Method", request.method), ("X-Sent", request.headers["x-own"] ?? "")])
        } body: { [transport] server in
            let response = try await transport.send(
                HTTPRequest(
                    method: "PATCH", url: server.root + "/a?b=c", headers: [("X-Own", "1")], body: Data("é".utf8)))
            #expect(response.status == 201 && response.body == Data("é".utf8))
            #expect(response.headers["x-method"] == "PATCH" && response.headers["X-SENT"] == "1")
            #expect(server.received.first?.target == "/a?b=c")
            #expect(server.received.first?.headers["Expect"] == nil)
            #expect(server.received.first?.headers["Content-Type"] == nil)
        }
    }

    @Test("what a dead connection swallowed goes out again, unless the other side may have acted on it")
    func repetition() async throws {
        let requests = Mutex<[String]>([])
        try await FixtureServer.run { request in
            requests.withLock { $0.append(request.method) }
            return .body(Data())
        } body: { [transport] server in
            let port = try #require(server.root.split(separator: ":").last.flatMap { Int($0) })
            for (method, isRepeated) in [("GET", true), ("POST", false), ("PATCH", true)] {
                let proxy = try LoopbackProxy(to: port)
                let url = "http://127.0.0.1:\(proxy.port)/"
                _ = try await transport.send(HTTPRequest(url: url))
                proxy.become(.hangsUp)
                requests.withLock { $0 = [] }
                let outcome = Task { try await transport.send(HTTPRequest(method: method, url: url)).status }
                switch await outcome.result {
                case .success(let status): #expect(isRepeated && status == 200)
                case .failure(let error):
                    #expect(!isRepeated && "\(error)".contains("before an answer"), "\(method): \(error)")
                }
                #expect(requests.withLock { $0 } == (isRepeated ? [method, method] : [method]))
            }
        }
    }

    @Test("a body that is made while it is sent arrives whole, with its length")
    func upload() async throws {
        let piece = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0) })
        let upload = HTTPUpload(count: 5 * piece.count) {
            var left = 5
            return {
                left -= 1
                return left < 0 ? Data() : piece
            }
        }
        try await FixtureServer.run {
            .body($0.body, headers: [("X-Length", $0.headers["content-length"] ?? "none")])
        } body: { [transport] server in
            for method in ["PATCH", "POST"] {
                let response = try await transport.send(
                    HTTPRequest(method: method, url: server.root, upload: upload, idleTimeout: .seconds(10)))
                #expect(response.headers["X-Length"] == "500000" && server.received.last?.method == method)
                #expect(response.body == (0..<5).reduce(into: Data()) { body, _ in body += piece })
            }
        }
    }

    @Test("what keeps a body from being made is what the caller sees")
    func uploadFailure() async throws {
        struct Spoiled: Error {}
        try await FixtureServer.run {
            .body($0.body)
        } body: { [transport] server in
            await #expect(throws: Spoiled.self) {
                try await transport.send(
                    HTTPRequest(method: "PUT", url: server.root, upload: HTTPUpload(count: 9) { { throw Spoiled() } }))
            }
        }
    }

    @Test("many requests run at once on one thread")
    func parallel() async throws {
        try await FixtureServer.run {
            .body(Data($0.path.utf8))
        } body: { [transport] server in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        try await transport.send(HTTPRequest(url: "\(server.root)/\(index)")).body
                            == Data("/\(index)".utf8)
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test("a Unix socket serves as well as a port")
    func unixSocket() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("s").path
            try await FixtureServer.run(unixSocket: path) {
                .body(Data($0.method.utf8))
            } body: { [transport] _ in
                let response = try await transport.send(HTTPRequest(url: "http://engine/x", unixSocket: path))
                #expect(response.body == Data("GET".utf8))
            }
        }
    }

    @Test("cancelling a task ends its transfer at once")
    func cancellation() async throws {
        let (arrived, arrival) = AsyncStream<Void>.makeStream()
        let (never, _) = AsyncStream<Data>.makeStream()
        try await FixtureServer.run { _ in
            arrival.finish()
            return .stream(never)
        } body: { [transport] server in
            let task = Task { try await transport.send(HTTPRequest(url: server.root)) }
            for await _ in arrived {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test("a body is read piece by piece, before the server has ended it")
    func streaming() async throws {
        let (pieces, source) = AsyncStream<Data>.makeStream()
        try await FixtureServer.run { _ in
            .stream(pieces)
        } body: { [transport] server in
            source.yield(Data("one".utf8))
            let stream = try await transport.stream(HTTPRequest(url: server.root))
            var reader = stream.body.makeAsyncIterator()
            #expect(stream.status == 200)
            #expect(try await reader.next() == Data("one".utf8))
            source.yield(Data("two".utf8))
            #expect(try await reader.next() == Data("two".utf8))
            source.finish()
            #expect(try await reader.next() == nil)
        }
    }

    @Test("a connection and a stream go on when their transport is let go of", .timeLimit(.minutes(1)))
    func lifetime() async throws {
        let (pieces, source) = AsyncStream<Data>.makeStream()
        try await FixtureServer.run { request in
            request.target == "/stream" ? .stream(pieces) : .body(Data("there".utf8))
        } body: { server in
            let connection = try await CurlTransport().connect(HTTPRequest(url: server.root))
            try await connection.send(Array("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
            var answer: [UInt8] = []
            while case let bytes = try await connection.receive(), !bytes.isEmpty { answer += bytes }
            #expect(String(decoding: answer, as: UTF8.self).contains("there"))
            let stream = try await CurlTransport().stream(HTTPRequest(url: server.root + "/stream"))
            source.yield(Data("one".utf8))
            source.finish()
            var body = Data()
            for try await piece in stream.body { body += piece }
            #expect(body == Data("one".utf8))
        }
    }

    @Test("a slow reader stops the sender, so memory stays bounded")
    func backPressure() async throws {
        let piece = Data(count: 1 << 16)
        // Far more than the socket buffers of any kernel hold.
        let total = 2048
        let sent = Mutex(0)
        let source = AsyncStream<Data> {
            sent.withLock { count in
                count += 1
                return count <= total ? piece : nil
            }
        }
        try await FixtureServer.run { request in
            request.path == "/other" ? .body(Data()) : .stream(source)
        } body: { [transport] server in
            let stream = try await transport.stream(HTTPRequest(url: server.root))
            var reader = stream.body.makeAsyncIterator()
            var received = try await reader.next()?.count ?? 0
            // The rest is read only after another request went through, which takes as long as the pause needs to show.
            for _ in 0..<20 { _ = try await transport.send(HTTPRequest(url: server.root + "/other")) }
            #expect(sent.withLock { $0 } < total, "the server sent everything though nobody read")
            while let next = try await reader.next() { received += next.count }
            #expect(received == total * piece.count)
        }
    }

    @Test("failures say what happened and where")
    func failures() async throws {
        let refused = await #expect(throws: TransportError.self) {
            try await transport.send(HTTPRequest(url: "http://127.0.0.1:1/secret?token=x"))
        }
        #expect(refused?.code == .cannotConnect)
        #expect(refused?.message == "nobody answers at http://127.0.0.1:1; is it running there?")
        let scheme = await #expect(throws: TransportError.self) {
            try await transport.send(HTTPRequest(url: "file:///etc/passwd"))
        }
        #expect(scheme?.code == .invalidURL)
        let socket = await #expect(throws: TransportError.self) {
            try await transport.send(HTTPRequest(url: "http://engine/", unixSocket: "/nowhere/engine.sock"))
        }
        #expect(socket?.code == .cannotConnect && socket?.message.contains("/nowhere/engine.sock") == true)
    }

    @Test("a server that does not answer in time is given up")
    func timeout() async throws {
        let (never, _) = AsyncStream<Data>.makeStream()
        try await FixtureServer.run { _ in
            .stream(never)
        } body: { [transport] server in
            let error = await #expect(throws: TransportError.self) {
                try await transport.send(HTTPRequest(url: server.root, timeout: .milliseconds(50)))
            }
            #expect(error?.code == .timedOut)
        }
    }

    @Test("a header with a line break is not sent, so nothing can be smuggled in")
    func headerInjection() async throws {
        try await FixtureServer.run { _ in
            .body(Data())
        } body: { [transport] server in
            _ = try await transport.send(
                HTTPRequest(url: server.root, headers: [("X-A", "1\r\nX-B: 2"), ("X-C", "3")]))
            #expect(server.received.first?.headers["X-B"] == nil && server.received.first?.headers["X-C"] == "3")
        }
    }
}
