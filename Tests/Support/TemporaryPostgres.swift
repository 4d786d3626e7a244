// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A PostgreSQL server of its own in a temporary folder, reached over a Unix socket only.
public struct TemporaryPostgres: Sendable {
    private let folder: URL
    private let binaries: String

    /// Where Debian keeps the newest server, or nil when none is installed.
    public static var binaries: String? {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.max()
        return newest.map { "\(root)/\($0)/bin" }
    }

    /// The address of the database, as a server configuration writes it.
    public var uri: String { "postgresql://postgres@/postgres?host=\(folder.path)" }

    /// Runs `body` beside a fresh server; the server has ended when this returns.
    /// - Throws: what `body` throws, or why the server could not be started.
    public static func run<Value>(_ body: (TemporaryPostgres) async throws -> Value) async throws -> Value {
        try await withTemporaryDirectory { folder in
            guard let binaries else { throw Failure("no PostgreSQL server is installed; see script/bootstrap") }
            let server = TemporaryPostgres(folder: folder, binaries: binaries)
            try server.initialize()
            try server.start()
            let outcome: Result<Value, any Error>
            do { outcome = .success(try await body(server)) } catch { outcome = .failure(error) }
            try server.stop()
            return try outcome.get()
        }
    }

    /// Starts the server and waits until it answers.
    public func start() throws {
        try command(
            "pg_ctl", "start", "--wait", "--silent", "--pgdata=\(data)", "--log=\(data)/log",
            "--options=-c listen_addresses= -c unix_socket_directories=\(folder.path) -c fsync=off")
    }

    /// Stops the server at once, as a crash would.
    public func stop() throws {
        try command("pg_ctl", "stop", "--wait", "--silent", "--pgdata=\(data)", "--mode=immediate")
    }

    private var data: String { folder.appendingPathComponent("data").path }

    private func initialize() throws {
        if getuid() == 0 { try run("/bin/chown", ["postgres", folder.path]) }
        try command("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--pgdata=\(data)")
    }

    /// Runs one of PostgreSQL's programs, which refuse to work for root, as the user that Debian made for them.
    private func command(_ name: String, _ arguments: String...) throws {
        let program = "\(binaries)/\(name)"
        if getuid() == 0 {
            try run("/usr/sbin/runuser", ["-u", "postgres", "--", program] + arguments)
        } else {
            try run(program, arguments)
        }
    }

    private func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure("\(program) ended with status \(process.terminationStatus)")
        }
    }

    /// Why there is no server.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        init(_ description: String) { self.description = description }
    }
}
