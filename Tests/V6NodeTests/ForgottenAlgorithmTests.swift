// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

/// An algorithm that its engine knows nothing of, because it was killed while it started the container: a real process.
@Suite(.enabled(if: LocalEngine.relay != nil, "v6-relay is not built: swift build --product v6-relay"))
struct ForgottenAlgorithmTests {
    private static let container = "vantage6-test-run-1"

    /// What becomes of run 1; `act` is called when the node has found out that it executes.
    private func outcome(
        _ change: (inout NodeConfiguration) -> Void,
        act: (RunSupervisor, NodeHarness) async throws -> Void = { _, _ in }
    ) async throws -> (run: JSONObject, end: Int32) {
        let harnesses = Mutex<NodeHarness?>(nil)
        let started = Mutex<(StarterBench, pid_t)?>(nil)
        let engine = StubEngine { step in
            guard step == "start \(Self.container)", let harness = harnesses.withLock({ $0 }) else { return }
            let bench = try StarterBench(URL(fileURLWithPath: harness.folder + "/runs/1"))
            let words = harness.engine.containers[Self.container]?.specification.entryPoint ?? []
            let process = try bench.start("/bin/sleep", "60", seconds: Int(words.last ?? "") ?? -1)
            started.withLock { $0 = (bench, process) }
            while bench.life == .none { try await Task.sleep(for: .milliseconds(2)) }
            throw EngineError(status: 500, message: "the engine was killed")
        }
        let active = AsyncStream.makeStream(of: Void.self)
        let harness = try NodeHarness(engine: engine) { _, payload in
            if payload["status"] == "active" { active.continuation.yield() }
        } change: {
            change(&$0)
        }
        harnesses.withLock { $0 = harness }
        harness.server.assign(1)
        let supervisor = try await harness.live()
        var starts = active.stream.makeAsyncIterator()
        await starts.next()
        try await act(supervisor, harness)
        #expect(try await harness.isDone(1))
        await supervisor.stop()
        harnesses.withLock { $0 = nil }
        #expect(engine.starts(Self.container) == 0)
        let (bench, process) = try #require(started.withLock { $0 })
        return (try #require(harness.server.run(1)), try await bench.end(of: process))
    }

    @Test func itHasTheLimitOfTimeOfEveryRun() async throws {
        let (run, end) = try await outcome { $0.isolation.seconds = 1 }
        #expect(run["status"] == "crashed" && end == 128 + SIGKILL)
        #expect(run["log"]?.stringValue?.contains("more than 1 s (isolation.time of the node)") == true)
    }

    @Test func itEndsWhenTheRunIsKilled() async throws {
        let (run, end) = try await outcome({ $0.isolation.seconds = nil }, act: Self.kill)
        #expect(run["status"] == "killed by user" && end == 128 + SIGKILL)
    }

    @Test func itEndsWhenItFillsTheSharedFolder() async throws {
        let (run, end) = try await outcome({ $0.isolation.sharedBytes = 0 }, act: Self.fill)
        #expect(run["status"] == "crashed" && end == 128 + SIGKILL)
        #expect(run["log"]?.stringValue?.contains("isolation.shared_size of the node") == true)
    }

    private static func kill(_ supervisor: RunSupervisor, _ harness: NodeHarness) async { await supervisor.kill([1]) }

    private static func fill(_ supervisor: RunSupervisor, _ harness: NodeHarness) async throws {
        let jobs = harness.folder + "/jobs"
        let job = try #require(try FileManager.default.contentsOfDirectory(atPath: jobs).first)
        try Data([1]).write(to: URL(fileURLWithPath: "\(jobs)/\(job)/file"))
    }
}
