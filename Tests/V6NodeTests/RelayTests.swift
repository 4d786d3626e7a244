// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import V6Kit

@testable import V6Node

/// The relay as a process: from a port of the loopback interface to a Unix socket.
@Suite(.enabled(if: LocalEngine.relay != nil, "v6-relay is not built: swift build --product v6-relay"))
struct RelayTests {
    /// A relay that runs, and what it leads to.
    private final class Bench: Sendable {
        let folder = "/tmp/v6r-\(UUID().uuidString.prefix(8))"
        let port: Int
        let server = StubServer()
        private let process = Process()

        init() throws {
            port = try LoopbackPort.free()
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            process.executableURL = URL(fileURLWithPath: try #require(LocalEngine.relay))
            process.arguments = [folder, "127.0.0.1:\(port)=s", "127.0.0.2:\(port)=t"]
            // Its copy of the test run's output would keep a pipe open beyond the run.
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
        }

        deinit {
            process.terminate()
            try? FileManager.default.removeItem(atPath: folder)
        }

        /// The node's side of the socket.
        func proxy() async throws -> ProxyServer {
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let proxy = AlgorithmProxy(
                address: try ServerAddress("http://server", apiPath: "/api"), transport: server,
                payload: Payload(key: nil),
                keys: KeyGuard(own: nil, pins: try RunJournal(path: "\(folder)/journal.sqlite").pins),
                blobs: (folder, 1 << 20), token: "t", onSubtask: {}, logger: logger)
            return try await ProxyServer.start(proxy, socket: "\(folder)/s", logger: logger)
        }

        /// A request as an algorithm makes it; tried again while the relay is not there yet.
        func get(_ path: String) async throws -> HTTPResponse {
            let request = HTTPRequest(
                url: "http://127.0.0.1:\(port)" + path, headers: [("Authorization", "Bearer t")], timeout: .seconds(20))
            for _ in 0..<200 {
                do { return try await CurlTransport().send(request) } catch let error as TransportError
                    where error.code == .cannotConnect
                { try await Task.sleep(for: .milliseconds(10)) }
            }
            return try await CurlTransport().send(request)
        }
    }

    @Test func requestsAndLargeAnswersPass() async throws {
        let bench = try Bench()
        let text = String(repeating: "abcdefgh", count: 500_000)
        bench.server.answer("GET /organization", 200, ["text": .string(text)])
        let proxy = try await bench.proxy()
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await bench.get("/organization").body.count } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        await proxy.stop()
        #expect(answers == Array(repeating: text.utf8.count + 11, count: 8))
    }

    /// A node that is begun anew is not noticed by the algorithm.
    @Test func aConnectionWaitsWhileTheNodeIsAway() async throws {
        let bench = try Bench()
        bench.server.answer("GET /version", 200, ["version": "4.15.2"])
        let first = try await bench.proxy()
        #expect(try await bench.get("/version").status == 200)
        await first.stop()
        let waiting = Task { try await bench.get("/version").status }
        try await Task.sleep(for: .milliseconds(300))
        let second = try await bench.proxy()
        #expect(try await waiting.value == 200)
        await second.stop()
    }

    /// Behind the other ports nobody may be meant to answer: there a connection does not wait.
    @Test func aConnectionToAClosedDoorEnds() async throws {
        let bench = try Bench()
        let proxy = try await bench.proxy()
        _ = try await bench.get("/version")
        let error = await #expect(throws: TransportError.self) {
            try await CurlTransport().send(
                HTTPRequest(url: "http://127.0.0.2:\(bench.port)/version", timeout: .seconds(20)))
        }
        await proxy.stop()
        #expect(error?.code != .timedOut)
    }
}
