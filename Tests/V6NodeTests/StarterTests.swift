// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6TestSupport

@testable import V6Node

/// The first process of an algorithm container, as a process: executes once, and its status file tells the truth.
@Suite(.enabled(if: LocalEngine.relay != nil, "v6-relay is not built: swift build --product v6-relay"))
struct StarterTests {
    @Test(arguments: [0, 3])
    func itHandsOnTheExitCode(code: Int32) async throws {
        try await withTemporaryDirectory { folder in
            let bench = try StarterBench(folder)
            #expect(bench.life == .none && RunLife(path: folder.path + "/none") == .unknown)
            #expect(try await bench.run("exit \(code)") == code)
            #expect(bench.life == .ended(code: Int(code)))
        }
    }

    @Test func itNeverExecutesTwice() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try StarterBench(folder)
            for _ in 1...3 { _ = try await bench.run("echo x >> count") }
            #expect(try String(contentsOf: folder.appendingPathComponent("count"), encoding: .utf8) == "x\n")
            #expect(bench.life == .ended(code: 0))
        }
    }

    @Test func aCommandThatIsNotThereIsNamed() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try StarterBench(folder)
            #expect(try await bench.end(of: bench.start("/no/such/command")) == 125)
            #expect(bench.life == .unrunnable(ENOENT))
        }
    }

    @Test func aCommandIsLookedUpInPath() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try StarterBench(folder)
            #expect(try await bench.end(of: bench.start("true")) == 0)
            #expect(bench.life == .ended(code: 0))
        }
    }

    @Test func signalsReachTheAlgorithm() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try StarterBench(folder)
            let process = try bench.start("/bin/sleep", "60")
            while bench.life != .running(isAlive: true) { try await Task.sleep(for: .milliseconds(2)) }
            kill(process, SIGTERM)
            #expect(try await bench.end(of: process) == 128 + SIGTERM)
            #expect(bench.life == .ended(code: Int(128 + SIGTERM)))
        }
    }

    @Test func aStarterThatWasKilledIsNotAlive() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try StarterBench(folder)
            let process = try bench.start("/bin/sh", "-c", "echo $$ > \(folder.path)/pid; exec sleep 60")
            let algorithm = folder.appendingPathComponent("pid")
            var child: pid_t?
            while child == nil {
                try await Task.sleep(for: .milliseconds(2))
                child = (try? String(contentsOf: algorithm, encoding: .utf8)).flatMap { pid_t($0.dropLast()) }
            }
            defer { if let child { kill(child, SIGKILL) } }
            while bench.life != .running(isAlive: true) { try await Task.sleep(for: .milliseconds(2)) }
            kill(process, SIGKILL)
            #expect(try await bench.end(of: process) == 128 + SIGKILL)
            #expect(bench.life == .running(isAlive: false))
        }
    }

    @Test func timeIsLimited() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try StarterBench(folder)
            let process = try bench.start("/bin/sleep", "60", seconds: 1)
            #expect(try await bench.end(of: process) == 128 + SIGKILL)
            #expect(bench.life == .expired(after: 1))
        }
    }

    @Test func itEndsWithItsFile() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try StarterBench(folder)
            let process = try bench.start("/bin/sleep", "60")
            while bench.life != .running(isAlive: true) { try await Task.sleep(for: .milliseconds(2)) }
            #expect(try await RunLife.end(bench.status.path))
            #expect(try await bench.end(of: process) == 128 + SIGKILL)
            #expect(bench.life == .unknown)
        }
    }

    @Test func outputIsLimited() async throws {
        try await withTemporaryDirectory { folder in
            let bench = try StarterBench(folder)
            _ = try await bench.run("head -c 100000 /dev/zero > large", fileBytes: 4096)
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/large")
            #expect((attributes[.size] as? NSNumber)?.intValue == 4096)
        }
    }

    @Test(arguments: ["x", "ended", "ended many\n", "running", "\n\n"])
    func whateverIsInTheFileItIsNotUnexecuted(text: String) async throws {
        try await withTemporaryDirectory { folder in
            let bench = try StarterBench(folder)
            try Data(text.utf8).write(to: bench.status)
            #expect(bench.life == .began(isAlive: false))
        }
    }
}
