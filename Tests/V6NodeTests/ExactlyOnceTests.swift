// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit

@testable import V6Node

struct ExactlyOnceTests {
    private static let container = "vantage6-test-run-1"

    @Test func aRunIsExecutedAndItsResultDelivered() async throws {
        let harness = try NodeHarness()
        harness.server.assign(1)
        let supervisor = try await harness.live()
        #expect(try await harness.isDone(1))
        let run = try #require(harness.server.run(1))
        #expect(run["status"] == "completed")
        #expect(run["result"]?.stringValue == Data(#"{"n": 1}"#.utf8).base64EncodedString())
        #expect(run["log"] == "hello\n")
        #expect(harness.engine.starts(Self.container) == 1)
        await supervisor.stop()
        #expect(!FileManager.default.fileExists(atPath: harness.folder + "/runs/1"))
    }

    @Test func theContainerIsClosedIn() async throws {
        let specifications = Mutex<[ContainerSpecification]>([])
        let holder = Mutex<StubEngine?>(nil)
        let engine = StubEngine { step in
            guard step == "started \(Self.container)" else { return }
            let found = holder.withLock { $0?.containers.values.map(\.specification) ?? [] }
            specifications.withLock { $0 = found }
        }
        holder.withLock { $0 = engine }
        let harness = try NodeHarness(engine: engine)
        harness.server.assign(1)
        let supervisor = try await harness.live()
        #expect(try await harness.isDone(1))
        await supervisor.stop()
        let all = specifications.withLock { $0 }
        let algorithm = try #require(all.first { $0.name == Self.container })
        let relay = try #require(all.first { $0.name == Self.container + "-helper" })
        #expect(relay.network == "none")
        #expect(algorithm.network == "container:\(relay.name)")
        #expect(algorithm.image == "example/algorithm@sha256:2")
        #expect(algorithm.labels["vantage6-type"] == "algorithm" && relay.labels["vantage6-type"] == "algorithm-helper")
        #expect(algorithm.labels["node"] == "test" && algorithm.labels["run_id"] == "1")
        #expect(
            algorithm.mounts.filter { !$0.isReadOnly }.map(\.target) == [
                "/mnt/data/task-000000001/output", "/mnt/tmp", "/.v6/status",
            ])
        #expect(algorithm.mounts.allSatisfy { $0.source.hasPrefix(harness.folder) })
        for specification in all {
            let host = specification.json["HostConfig"]
            #expect(host?["CapDrop"] == ["ALL"])
            #expect(host?["SecurityOpt"] == ["no-new-privileges"])
            #expect(host?["ReadonlyRootfs"] == true)
            #expect((host?["PidsLimit"]?.intValue ?? 0) > 0)
        }
    }

    /// Volumes with names stay when their container goes.
    @Test(arguments: [false, true])
    func volumesOfAnImageAreReadOnlyAndGoWithTheRun(restarts: Bool) async throws {
        let removed = AsyncStream.makeStream(of: String.self)
        let engine = StubEngine(endless: true, imageVolumes: ["/data", "/mnt/tmp"]) { step in
            if step.hasPrefix("remove volume") { removed.continuation.yield(step) }
        }
        let harness = try NodeHarness(engine: engine)
        harness.server.assign(1)
        var supervisor = try await harness.live()
        while engine.starts(Self.container) == 0 { try await Task.sleep(for: .milliseconds(2)) }
        let mounts = engine.containers[Self.container]?.specification.json["HostConfig"]?["Mounts"]?.arrayValue ?? []
        let volumes = mounts.filter { $0["Type"] == "volume" }
        #expect(volumes.map { $0["Target"] } == ["/data"] && volumes.allSatisfy { $0["ReadOnly"] == true })
        if restarts {
            await supervisor.stop()
            supervisor = try await harness.live()
        }
        try engine.finish(Self.container)
        var steps = removed.stream.makeAsyncIterator()
        #expect(await steps.next() == "remove volume \(Self.container)-0")
        #expect(try await harness.isDone(1))
        await supervisor.stop()
    }

    /// The node ends before or after every single thing it asks of engine and server, and begins anew.
    ///
    /// However that falls, the algorithm is started once and the server gets the result.
    @Test(arguments: 1...40)
    func theNodeMayEndAtAnyStep(step: Int) async throws {
        let count = Mutex(0)
        let isFirstLife = Mutex(true)
        let ending = AsyncStream.makeStream(of: Void.self)
        let hook: @Sendable () async throws -> Void = {
            let now = count.withLock { value in
                value += 1
                return value
            }
            guard now == step, isFirstLife.withLock({ $0 }) else { return }
            ending.continuation.finish()
            // The answer never reaches the node.
            try await Task.sleep(for: .seconds(60))
        }
        let server = StubServer { call in if call.path.hasPrefix("/run/") || call.method == "POST" { try await hook() }
        }
        let engine = StubEngine { _ in try await hook() }
        let harness = try NodeHarness(server: server, engine: engine)
        server.assign(1)

        let first = Task { () -> RunSupervisor? in
            let supervisor = try await harness.supervisor()
            try await supervisor.recover()
            await harness.offer(to: supervisor)
            return supervisor
        }
        let done = Task {
            _ = try await harness.isDone(1)
            ending.continuation.finish()
        }
        for await _ in ending.stream {}
        first.cancel()
        if let supervisor = try? await first.value { await supervisor.stop() }
        done.cancel()

        isFirstLife.withLock { $0 = false }
        let second = try await harness.live()
        let isDone = try await harness.isDone(1)
        await second.stop()
        #expect(isDone, "ended at step \(step)")
        #expect(engine.starts(Self.container) == 1, "ended at step \(step)")
        #expect(server.run(1)?["status"] == "completed", "ended at step \(step)")
    }

    @Test func aContainerThatIsGoneIsReportedAndNotRunAgain() async throws {
        let harness = try NodeHarness(engine: StubEngine(endless: true))
        harness.server.assign(1)
        let first = try await harness.live()
        while harness.engine.starts(Self.container) == 0 { try await Task.sleep(for: .milliseconds(2)) }
        await first.stop()
        harness.engine.forget(Self.container)
        let second = try await harness.live()
        #expect(try await harness.isDone(1))
        await second.stop()
        #expect(harness.server.run(1)?["status"] == "unknown error")
        #expect(harness.engine.starts(Self.container) == 1)
    }

    @Test func aRunThatSomeOtherNodeBeganIsNotRunAgain() async throws {
        let harness = try NodeHarness()
        harness.server.assign(1)
        let supervisor = try await harness.supervisor()
        let run = AssignedRun(
            id: 1, taskID: 10, jobID: 10, image: "example/algorithm:1", initOrganizationID: 1,
            assignedAt: "2026-11-25T10:00:00.000001", startedAt: "2026-11-25T10:00:00.5")
        await supervisor.offer([run], isComplete: true)
        #expect(try await harness.isDone(1))
        await supervisor.stop()
        #expect(harness.server.run(1)?["status"] == "unknown error")
        #expect(harness.engine.starts(Self.container) == 0)
    }

    @Test func anAwkwardServerLosesNothing() async throws {
        let harness = try NodeHarness()
        harness.server.assign(1)
        harness.server.fail(3)
        let supervisor = try await harness.supervisor()
        try await supervisor.recover()
        harness.server.fail(0)
        await harness.offer(to: supervisor)
        harness.server.fail(2)
        #expect(try await harness.isDone(1))
        await supervisor.stop()
        #expect(harness.server.run(1)?["status"] == "completed")
    }

    @Test func aKillRemovesTheContainerAndOnlyThat() async throws {
        let harness = try NodeHarness(engine: StubEngine(endless: true))
        harness.server.assign(1)
        harness.server.assign(2)
        let supervisor = try await harness.live()
        while harness.engine.starts(Self.container) == 0 || harness.engine.starts("vantage6-test-run-2") == 0 {
            try await Task.sleep(for: .milliseconds(2))
        }
        harness.server.finish(1, status: "killed by user")
        await supervisor.kill([1])
        #expect(try await harness.isDone(1))
        #expect(harness.engine.containers["vantage6-test-run-2"]?.status == "running")
        while await supervisor.active.contains(1) { try await Task.sleep(for: .milliseconds(2)) }
        #expect(await supervisor.active == [2])
        await supervisor.stop()
    }

    @Test func aRunEndedAtTheServerWhileTheNodeWasAwayIsEndedHere() async throws {
        let harness = try NodeHarness(engine: StubEngine(endless: true))
        harness.server.assign(1)
        let first = try await harness.live()
        while harness.engine.starts(Self.container) == 0 { try await Task.sleep(for: .milliseconds(2)) }
        await first.stop()
        harness.server.finish(1, status: "killed by user")
        let second = try await harness.live()
        #expect(try await harness.isDone(1))
        await second.stop()
    }

    @Test func placesAreKept() async throws {
        let harness = try NodeHarness(engine: StubEngine(endless: true), places: 2)
        for run in 1...5 { harness.server.assign(run) }
        let supervisor = try await harness.live()
        func running() -> [String] {
            harness.engine.containers.filter {
                $0.key.contains("-run-") && !$0.key.hasSuffix("-helper") && $0.value.hasStarted
            }
            .keys.sorted()
        }
        while running().count < 2 { try await Task.sleep(for: .milliseconds(2)) }
        #expect(running() == ["vantage6-test-run-1", "vantage6-test-run-2"])
        #expect(try await supervisor.listings().compactMap(\.position) == [1, 2, 3])
        await supervisor.stop()
    }

    @Test func anImageThatIsMissingIsAnsweredWithAReason() async throws {
        let harness = try NodeHarness(
            engine: StubEngine(pullFailure: EngineError(status: 404, message: "manifest unknown")))
        harness.server.assign(1)
        let supervisor = try await harness.live()
        #expect(try await harness.isDone(1))
        await supervisor.stop()
        let run = try #require(harness.server.run(1))
        #expect(run["status"] == "non-existing Docker image")
        #expect(run["log"]?.stringValue?.contains("manifest unknown") == true)
        #expect(harness.engine.starts(Self.container) == 0)
    }

    @Test func aCrashedAlgorithmIsCalledCrashed() async throws {
        let harness = try NodeHarness(engine: StubEngine(exitCode: 3))
        harness.server.assign(1)
        let supervisor = try await harness.live()
        #expect(try await harness.isDone(1))
        await supervisor.stop()
        let run = try #require(harness.server.run(1))
        #expect(run["status"] == "crashed")
        #expect(run["log"]?.stringValue?.contains("exit code 3") == true)
    }
}
