// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

/// A PostgreSQL server of its own in a temporary folder, reached over a Unix socket only.
public final class TemporaryPostgres: Sendable {
    private let folder: URL
    private let binaries: String
    private let server = Mutex<Program?>(nil)

    /// Where Debian keeps the newest server, or nil when none is installed.
    private static var binaries: String? {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.max()
        return newest.map { "\(root)/\($0)/bin" }
    }

    private init(folder: URL, binaries: String) {
        self.folder = folder
        self.binaries = binaries
    }

    /// The address of the database, as a server configuration writes it.
    public var uri: String { "postgresql://postgres@/postgres?host=\(folder.path)" }

    /// Runs `body` beside a fresh server; the server has ended when this returns.
    /// - Throws: what `body` throws, or why the server could not be started.
    public static func run<Value>(_ body: (TemporaryPostgres) async throws -> Value) async throws -> Value {
        try await withTemporaryDirectory { folder in
            guard let binaries else { throw Failure("no PostgreSQL server is installed; see script/bootstrap") }
            let server = TemporaryPostgres(folder: folder, binaries: binaries)
            if getuid() == 0 { try await Program.run("/bin/chown", ["postgres", folder.path]) }
            try await server.run("initdb", ["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8"])
            try await server.start()
            let outcome: Result<Value, any Error>
            do { outcome = .success(try await body(server)) } catch { outcome = .failure(error) }
            await server.stop()
            return try outcome.get()
        }
    }

    /// Starts the server and waits until it answers.
    public func start() async throws {
        let options = [
            "-c", "listen_addresses=", "-c", "unix_socket_directories=\(folder.path)", "-c", "fsync=off",
        ]
        let (program, arguments) = command("postgres", ["-D", data] + options)
        let process = try Program.start(program, arguments)
        server.withLock { $0 = process }
        // The program ends with 0 once the server takes connections; it asks again itself.
        for _ in 0..<100 {
            if try await Program.status("\(binaries)/pg_isready", ["--quiet", "--host=\(folder.path)"]) == 0 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Failure("PostgreSQL did not come up")
    }

    /// Stops the server at once, as a crash would.
    public func stop() async {
        let process = server.withLock { server in
            defer { server = nil }
            return server
        }
        await process?.end(by: SIGQUIT)
    }

    private var data: String { folder.appendingPathComponent("data").path }

    private func run(_ name: String, _ arguments: [String]) async throws {
        let (program, arguments) = command(name, arguments + ["--pgdata=\(data)"])
        try await Program.run(program, arguments)
    }

    /// One of PostgreSQL's programs, which refuse to work for root, as the user that Debian made for them.
    private func command(_ name: String, _ arguments: [String]) -> (String, [String]) {
        let program = "\(binaries)/\(name)"
        guard getuid() == 0 else { return (program, arguments) }
        let identity = ["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        return ("/usr/bin/setpriv", identity + [program] + arguments)
    }

    /// Why there is no server.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        init(_ description: String) { self.description = description }
    }
}

/// A program that runs beside the test, without a terminal.
private struct Program: Sendable {
    private let id: Int32
    private let ended: AsyncStream<Int32>

    /// Starts a program.
    static func start(_ path: String, _ arguments: [String]) throws -> Program {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let (ended, end) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            end.yield(process.terminationStatus)
            end.finish()
        }
        try process.run()
        return Program(id: process.processIdentifier, ended: ended)
    }

    /// Runs a program to its end and gives its exit status.
    static func status(_ path: String, _ arguments: [String]) async throws -> Int32 {
        try await start(path, arguments).status()
    }

    /// Runs a program to its end.
    static func run(_ path: String, _ arguments: [String]) async throws {
        let status = try await status(path, arguments)
        guard status == 0 else { throw TemporaryPostgres.Failure("\(path) ended with status \(status)") }
    }

    /// Ends the program by a signal and waits for it.
    func end(by signal: Int32) async {
        kill(id, signal)
        _ = await status()
    }

    private func status() async -> Int32 {
        for await status in ended { return status }
        return -1
    }
}
