// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// The log: lines, levels, files.
struct LogTests {
    private static func lines(_ file: String) throws -> [String] {
        try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static func configuration(_ text: String) throws -> (LogConfiguration, warnings: [String]) {
        let reader = try ConfigurationReader(text: text, name: "server.yaml")
        let configuration = LogConfiguration(reader, folder: "/state")
        try reader.finish()
        return (configuration, reader.warnings.map(\.description))
    }

    @Test func theKeysOfTheOriginalAreRead() throws {
        let (read, warnings) = try Self.configuration(
            """
            level: WARNING
            file: server.log
            use_console: false
            backup_count: 3
            max_size: 1024
            format: "%(message)s"
            datefmt: "%H"
            loggers:
              - {name: v6-server.http, level: debug}
            """)
        #expect(read.level == .warning)
        #expect(read.file == "/state/server.log")
        #expect(!read.usesConsole && read.backupCount == 3 && read.maximumSize == 1024 * 1024)
        #expect(read.level(of: "v6-server") == .warning)
        #expect(read.level(of: "v6-server.http") == .debug && read.level(of: "v6-server.http.x") == .debug)
        #expect(warnings.count == 2 && warnings[0].hasPrefix("server.yaml:6: format: "))
    }

    @Test(arguments: ["level: LOUD", "max_size: 16", "backup_count: 0", "loggers: [{name: x, level: y}]"])
    func wrongValuesAreFaults(text: String) throws {
        #expect(throws: ConfigurationError.self) { try Self.configuration(text) }
    }

    @Test func anEventIsOneLine() async throws {
        try await withTemporaryDirectory { folder in
            var configuration = LogConfiguration()
            configuration.file = folder.appendingPathComponent("sub/server.log").path
            configuration.usesConsole = false
            configuration.level = .notice
            let logger = try LogOutput(configuration).logger("v6-server")
            logger.info("not this")
            logger.warning("line 1\nline 2\u{1b}[31m", metadata: ["request": "r1", "who": "a \"b\""])
            let lines = try Self.lines(configuration.file ?? "")
            #expect(lines.count == 1)
            let rest = #"Z warning v6-server line 1\nline 2\u{1b}[31m request=r1 who="a \"b\"""#
            #expect(lines[0].hasSuffix(rest), "\(lines[0])")
            #expect(lines[0].dropLast(rest.utf8.count).wholeMatch(of: /[-0-9]{10}T[0-9:.]{8,15}/) != nil)
            let attributes = try FileManager.default.attributesOfItem(atPath: configuration.file ?? "")
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
    }

    @Test func anEventCanBeJSON() async throws {
        try await withTemporaryDirectory { folder in
            var configuration = LogConfiguration()
            configuration.file = folder.appendingPathComponent("server.log").path
            configuration.usesConsole = false
            configuration.structure = .json
            try LogOutput(configuration).logger("v6-server").error("it's \"bad\"\n", metadata: ["request": "r1"])
            let json = try JSONValue(parsing: try Self.lines(configuration.file ?? "")[0])
            #expect(json["message"] == "it's \"bad\"\n" && json["level"] == "error" && json["request"] == "r1")
        }
    }

    @Test func fullFilesArePutAsideAndTheOldestGo() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("server.log").path
            let file = try LogFile(path: path, maximumSize: 30, backupCount: 2)
            for number in 1...9 { file.write("line number \(number)") }
            #expect(try Self.lines(path) == ["line number 9"])
            #expect(try Self.lines(path + ".1") == ["line number 7", "line number 8"])
            #expect(try Self.lines(path + ".2") == ["line number 5", "line number 6"])
            #expect(!FileManager.default.fileExists(atPath: path + ".3"))
            // A new start goes on where the last one ended.
            let next = try LogFile(path: path, maximumSize: 30, backupCount: 2)
            next.write("line number 10")
            #expect(try Self.lines(path) == ["line number 9", "line number 10"])
        }
    }

    @Test func aFilePutAsideByAnotherProgramIsLeftAtTheSignal() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("server.log").path
            let file = try LogFile(path: path, maximumSize: nil, backupCount: 1)
            file.write("before")
            try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
            file.write("between")
            try file.reopen()
            file.write("after")
            #expect(try Self.lines(path + ".old") == ["before", "between"])
            #expect(try Self.lines(path) == ["after"])
        }
    }

    @Test func requestsHaveNames() async throws {
        try await TestServer.run { server in
            let given = try await server.send("GET", "/version", headers: [("X-Request-ID", "abc-1.2_Z")])
            #expect(given.headers["x-request-id"] == "abc-1.2_Z")
            for odd in ["two words", String(repeating: "x", count: 129), "a\"b"] {
                let answer = try await server.send("GET", "/version", headers: [("X-Request-ID", odd)])
                let name = try #require(answer.headers["x-request-id"])
                #expect(name.wholeMatch(of: /[0-9a-f]{16}/) != nil, "\(name)")
            }
            let first = try await server.send("GET", "/rule").headers["x-request-id"]
            #expect(try await server.send("GET", "/rule").headers["x-request-id"] != first)
        }
    }
}
