// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// The program as a process: its one line, and its end.
struct ShutdownTests {
    /// The program beside the tests.
    private static var program: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("v6-server")
    }

    /// A server process that takes requests.
    private struct Running {
        let process: Process
        let address: ServerAddress

        /// Asks it to stop, which it does well within five seconds.
        func stop(at location: SourceLocation = #_sourceLocation) {
            let begun = ContinuousClock.now
            process.terminate()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, sourceLocation: location)
            #expect(ContinuousClock.now - begun < .seconds(5), sourceLocation: location)
        }
    }

    /// Starts the program, and waits for its line.
    private static func start(_ arguments: [String]) throws -> Running {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = ["start", "--port", "0"] + arguments
        process.environment = ["V6_INIT_SUPER_PASS_HASHED": TestNetwork.hash]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = ""
        while !line.hasSuffix("\n"), let byte = try output.fileHandleForReading.read(upToCount: 1) {
            line += String(decoding: byte, as: UTF8.self)
        }
        #expect(line.hasPrefix("listening on http://127.0.0.1:"))
        let address = try ServerAddress(
            String(line.dropFirst("listening on ".count)).trimmingCharacters(in: .whitespacesAndNewlines))
        return Running(process: process, address: address)
    }

    /// Counts answers.
    private final class Tally: Sendable {
        private let answers = Mutex(0)

        var count: Int { answers.withLock { $0 } }

        func add() { answers.withLock { $0 += 1 } }
    }

    /// Asks again and again until there is no answer any more; gives how many organizations were made.
    private static func load(_ address: ServerAddress, _ bearer: String, worker: Int, _ answered: Tally) async -> Int {
        let transport = CurlTransport()
        let isWriter = worker.isMultiple(of: 2)
        var made = 0
        while true {
            let request = HTTPRequest(
                method: isWriter ? "POST" : "GET", url: address.url("/organization"),
                headers: [("Authorization", bearer), ("Content-Type", "application/json")],
                body: isWriter ? Data(#"{"name":"w\#(worker)-\#(made)"}"#.utf8) : nil, timeout: .seconds(30))
            // Without an answer the server has closed its door; then nothing may be stored.
            guard let answer = try? await transport.send(request) else { return made }
            #expect(answer.status == (isWriter ? 201 : 200))
            if isWriter { made += 1 }
            answered.add()
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func terminationUnderLoadAnswersWhatWasTakenWithinFiveSeconds() async throws {
        try await withTemporaryDirectory { folder in
            let database = folder.appendingPathComponent("server.sqlite").path
            let server = try Self.start(["--database", "sqlite:///\(database)"])
            let client = V6Client(address: server.address, transport: CurlTransport())
            _ = try await client.signIn(username: "root", password: TestNetwork.password)
            let bearer = "Bearer \(try await client.accessToken())"
            let answered = Tally()
            // Sixteen clients that make organizations, and as many that read them, until nobody is there any more.
            let load = Task {
                await withTaskGroup(of: Int.self) { group in
                    for worker in 0..<32 {
                        group.addTask { await Self.load(server.address, bearer, worker: worker, answered) }
                    }
                    return await group.reduce(0, +)
                }
            }
            while answered.count < 300 { await Task.yield() }
            server.stop()
            let made = await load.value
            let stored = try await SQLiteStore(path: database).read {
                try $0.integer("SELECT count(*) FROM organization WHERE name LIKE 'w%'")
            }
            #expect(made > 0 && stored == Int64(made), "each change that was stored was answered")
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func terminationEndsWaitingPollsWithinFiveSeconds() async throws {
        try await withTemporaryDirectory { folder in
            let server = try Self.start([
                "--database", "sqlite:///\(folder.path)/server.sqlite", "--api-path", "/v6/api",
            ])
            let address = server.address
            #expect(address.apiPath == "/v6/api")
            let transport = CurlTransport()
            let opened = try await transport.send(
                HTTPRequest(url: address.root + "/socket.io/?EIO=4&transport=polling"))
            guard case .open(let handshake) = try EngineIOPacket(String(decoding: opened.body, as: UTF8.self)) else {
                Issue.record("no session was opened")
                return
            }
            async let poll = transport.send(
                HTTPRequest(url: address.root + "/socket.io/?EIO=4&transport=polling&sid=\(handshake.sid)"))
            let version = try await transport.send(HTTPRequest(url: address.url("/version")))
            #expect(version.status == 200)
            server.stop()
            _ = try? await poll
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["/api/token/user", "/socket.io/?EIO=4&transport=polling&sid=none"])
    func terminationWaitsForNoRequestThatIsNeverFinished(path: String) async throws {
        try await withTemporaryDirectory { folder in
            let server = try Self.start(["--database", "sqlite:///\(folder.path)/server.sqlite"])
            let transport = CurlTransport()
            let connection = try await transport.connect(HTTPRequest(url: server.address.root))
            let head = "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            try await connection.send(Array((head + "Content-Length: 1000\r\n\r\n{").utf8))
            let silent = try await transport.connect(HTTPRequest(url: server.address.root))
            let version = try await transport.send(HTTPRequest(url: server.address.url("/version")))
            #expect(version.status == 200)
            server.stop()
            connection.close()
            silent.close()
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func hangUpOpensTheLogFileAnew() async throws {
        try await withTemporaryDirectory { folder in
            let log = folder.appendingPathComponent("server.log")
            let configuration = folder.appendingPathComponent("server.yaml")
            try Data(
                """
                uri: sqlite:///\(folder.path)/server.sqlite
                port: 0
                logging: {level: DEBUG, file: \(log.path), use_console: false}
                """.utf8
            ).write(to: configuration)
            let server = try Self.start(["--config", configuration.path])
            let old = folder.appendingPathComponent("server.log.old")
            try FileManager.default.moveItem(at: log, to: old)
            kill(server.process.processIdentifier, SIGHUP)
            // The file is there once the signal was heard.
            while !FileManager.default.fileExists(atPath: log.path) { await Task.yield() }
            _ = try await CurlTransport().send(
                HTTPRequest(url: server.address.url("/version"), headers: [("X-Request-ID", "after-the-signal")]))
            server.stop()
            let text = try String(contentsOf: log, encoding: .utf8)
            #expect(text.contains("request=after-the-signal"), "\(text)")
            #expect(try !String(contentsOf: old, encoding: .utf8).contains("after-the-signal"))
        }
    }
}
