// SPDX-License-Identifier: Apache-2.0

import Foundation
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

    @Test(.timeLimit(.minutes(5)))
    func terminationEndsWaitingPollsWithinFiveSeconds() async throws {
        try await withTemporaryDirectory { folder in
            let process = Process()
            process.executableURL = Self.program
            process.arguments = [
                "start", "--database", "sqlite:///\(folder.path)/server.sqlite", "--port", "0", "--api-path", "/v6/api",
            ]
            process.environment = ["V6_INIT_SUPER_PASS_HASHED": TestNetwork.hash]
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            var line = ""
            while !line.hasSuffix("\n"), let byte = try output.fileHandleForReading.read(upToCount: 1) {
                line += String(decoding: byte, as: UTF8.self)
            }
            #expect(line.hasPrefix("listening on http://127.0.0.1:") && line.hasSuffix("/v6/api\n"))
            let address = try ServerAddress(
                String(line.dropFirst("listening on ".count)).trimmingCharacters(in: .whitespacesAndNewlines))

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
            let start = ContinuousClock.now
            process.terminate()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(ContinuousClock.now - start < .seconds(5))
            _ = try? await poll
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
            let process = Process()
            process.executableURL = Self.program
            process.arguments = ["start", "--config", configuration.path, "--port", "0"]
            process.environment = ["V6_INIT_SUPER_PASS_HASHED": TestNetwork.hash]
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            var line = ""
            while !line.hasSuffix("\n"), let byte = try output.fileHandleForReading.read(upToCount: 1) {
                line += String(decoding: byte, as: UTF8.self)
            }
            let address = try ServerAddress(
                String(line.dropFirst("listening on ".count)).trimmingCharacters(in: .whitespacesAndNewlines))
            let old = folder.appendingPathComponent("server.log.old")
            try FileManager.default.moveItem(at: log, to: old)
            kill(process.processIdentifier, SIGHUP)
            // The file is there once the signal was heard.
            while !FileManager.default.fileExists(atPath: log.path) { await Task.yield() }
            _ = try await CurlTransport().send(
                HTTPRequest(url: address.url("/version"), headers: [("X-Request-ID", "after-the-signal")]))
            process.terminate()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            let text = try String(contentsOf: log, encoding: .utf8)
            #expect(text.contains("request=after-the-signal"), "\(text)")
            #expect(try !String(contentsOf: old, encoding: .utf8).contains("after-the-signal"))
        }
    }
}
