// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6TestSupport

@testable import V6Node

/// The first process of an algorithm container, as a process: executes once, and its status file tells the truth.
@Suite(.enabled(if: LocalEngine.relay != nil, "v6-relay is not built: swift build --product v6-relay"))
struct StarterTests {
    /// A starter with a status file of its own.
    private struct Bench {
        let status: URL
        let folder: URL

        init(_ folder: URL) throws {
            self.folder = folder
            status = folder.appendingPathComponent("status")
            try Data().write(to: status)
        }

        var life: RunLife { RunLife(path: status.path) }

        /// Starts a process; not by Foundation, whose processes count as running while any other child holds their channel.
        func start(_ command: String..., fileBytes: Int = 0) throws -> pid_t {
            let words = [try #require(LocalEngine.relay), "start", status.path, String(fileBytes)] + command
            var arguments = words.map { strdup($0) } + [nil]
            defer { for argument in arguments { free(argument) } }
            let path = strdup("PATH=/usr/bin:/bin")
            defer { free(path) }
            var environment = [path, nil]
            var process = pid_t()
            try #require(posix_spawn(&process, words[0], nil, nil, &arguments, &environment) == 0)
            return process
        }

        /// Waits for the end of a process; its exit code, or 128 + the signal.
        func end(of process: pid_t) async throws -> Int32 {
            var ending: Int32 = 0
            while waitpid(process, &ending, WNOHANG) == 0 { try await Task.sleep(for: .milliseconds(2)) }
            return ending & 0x7F == 0 ? ending >> 8 & 0xFF : 128 + ending & 0x7F
        }

        func run(_ script: String, fileBytes: Int = 0) async throws -> Int32 {
            try await end(of: start("/bin/sh", "-c", "cd \(folder.path); \(script)", fileBytes: fileBytes))
        }
    }

    @Test(arguments: [0, 3])
    func itHandsOnTheExitCode(code: Int32) async throws {
        try await withTemporaryDirectory { folder in
            let bench = try Bench(folder)
            #expect(bench.life == .none && RunLife(path: folder.path + "/none") == .unknown)
            #expect(try await bench.run("exit \(code)") == code)
            #expect(bench.life == .ended(code: Int(code)))
        }
    }

    @Test func itNeverExecutesTwice() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try Bench(folder)
            for _ in 1...3 { _ = try await bench.run("echo x >> count") }
            #expect(try String(contentsOf: folder.appendingPathComponent("count"), encoding: .utf8) == "x\n")
            #expect(bench.life == .ended(code: 0))
        }
    }

    @Test func aCommandThatIsNotThereIsNamed() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try Bench(folder)
            #expect(try await bench.end(of: bench.start("/no/such/command")) == 125)
            #expect(bench.life == .unrunnable(ENOENT))
        }
    }

    @Test func aCommandIsLookedUpInPath() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try Bench(folder)
            #expect(try await bench.end(of: bench.start("true")) == 0)
            #expect(bench.life == .ended(code: 0))
        }
    }

    @Test func signalsReachTheAlgorithm() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try Bench(folder)
            let process = try bench.start("/bin/sleep", "60")
            while bench.life != .running(isAlive: true) { try await Task.sleep(for: .milliseconds(2)) }
            kill(process, SIGTERM)
            #expect(try await bench.end(of: process) == 128 + SIGTERM)
            #expect(bench.life == .ended(code: Int(128 + SIGTERM)))
        }
    }

    @Test func aStarterThatWasKilledIsNotAlive() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try Bench(folder)
            let process = try bench.start("/bin/sh", "-c", "echo $$ > \(folder.path)/pid; exec sleep 60")
            let algorithm = folder.appendingPathComponent("pid")
            var child: pid_t?
            while child == nil {
                try await Task.sleep(for: .milliseconds(2))
                child = (try? String(contentsOf: algorithm, encoding: .utf8)).flatMap { pid_t($0.dropLast()) }
            }
            defer { if let child { kill(child, SIGKILL) } }
            kill(process, SIGKILL)
            #expect(try await bench.end(of: process) == 128 + SIGKILL)
            #expect(bench.life == .running(isAlive: false))
        }
    }

    @Test func outputIsLimited() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try Bench(folder)
            _ = try await bench.run("head -c 100000 /dev/zero > large", fileBytes: 4096)
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/large")
            #expect((attributes[.size] as? NSNumber)?.intValue == 4096)
        }
    }

    @Test(arguments: ["x", "ended", "ended many\n", "running", "\n\n"])
    func whateverIsInTheFileItIsNotUnexecuted(text: String) async throws {
        try await withTemporaryDirectory { folder in
            let bench = try Bench(folder)
            try Data(text.utf8).write(to: bench.status)
            #expect(bench.life == .began(isAlive: false))
        }
    }
}
