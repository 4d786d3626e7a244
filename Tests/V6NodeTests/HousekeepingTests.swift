// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit

@testable import V6Node

struct HousekeepingTests {
    @Test func onlyWhatNobodyNeedsCanGo() async throws {
        let folder = "/tmp/v6h-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["runs/1", "runs/2", "runs/7", "jobs/10", "jobs/20", "jobs/30"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try Data(count: 5000).write(to: URL(fileURLWithPath: "\(folder)/runs/1/log"))
        let start = Date(timeIntervalSince1970: 2_000_000_000)
        let clock = Mutex(start)
        let journal = try RunJournal(path: "\(folder)/journal.sqlite") { clock.withLock { $0 } }
        func record(_ id: Int, job: Int, _ phase: RunPhase, image: String?) throws {
            let run = AssignedRun(id: id, taskID: id, jobID: job, image: "a", initOrganizationID: 1, assignedAt: "t")
            var record = RunRecord(run)
            record.phase = phase
            record.resolvedImage = image
            try journal.store(record)
        }
        try record(1, job: 10, .done, image: "a@sha256:1")
        try record(2, job: 20, .running, image: "a@sha256:2")
        clock.withLock { $0 = start.addingTimeInterval(40 * 86_400) }
        try record(3, job: 30, .done, image: "a@sha256:3")
        let housekeeping = Housekeeping(
            folder: folder, journal: journal, engine: StubEngine(), relayImage: "v6-relay:new",
            now: { clock.withLock { $0 } })
        let items = try await housekeeping.items()
        #expect(
            items.map(\.name) == [
                "\(folder)/runs/1", "\(folder)/runs/7", "\(folder)/jobs/10", "v6-relay:old", "a@sha256:1",
            ])
        #expect(items.first?.bytes == 5000)
        #expect(try await housekeeping.tidy().map(\.item) == items)
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/runs/1"))
        #expect(FileManager.default.fileExists(atPath: "\(folder)/runs/2"))
    }

    /// What a killed engine or node left of runs that are done; relays that wait, and runs under way, keep theirs.
    @Test(arguments: [(RunPhase.running, ["vol"]), (.creating, [])])
    func containersAndVolumesOfNobodyGo(phase: RunPhase, volumes: [String]) async throws {
        let steps = Mutex<[String]>([])
        let engine = StubEngine(strayVolumes: ["vol"]) { step in steps.withLock { $0.append(step) } }
        let harness = try NodeHarness(engine: engine)
        let journal = try RunJournal(path: "\(harness.folder)/journal.sqlite")
        let instance = try journal.instance()
        var record = RunRecord(
            AssignedRun(id: 2, taskID: 2, jobID: 2, image: "a", initOrganizationID: 1, assignedAt: "t"))
        record.phase = phase
        try journal.store(record)
        for (name, owner) in [
            ("run-1", instance), ("run-1-helper", instance), ("run-2", instance), ("relay-1", instance),
            ("run-3", "other"),
        ] {
            _ = try await engine.create(
                ContainerSpecification(
                    name: "vantage6-a-" + name, image: "a", labels: [RunServices.instanceLabel: owner], network: "none",
                    limits: ResourceLimits()))
        }
        let housekeeping = Housekeeping(
            folder: harness.folder, journal: journal, engine: engine, relayImage: "v6-relay:new", now: { Date() })
        let found = try await housekeeping.items().filter { [.container, .volume].contains($0.kind) }.map(\.name)
            .sorted()
        #expect(found == ["vantage6-a-run-1", "vantage6-a-run-1-helper"] + volumes)
        #expect(try await housekeeping.tidy().allSatisfy { $0.failure == nil })
        #expect(Set(engine.containers.keys) == ["vantage6-a-run-2", "vantage6-a-relay-1", "vantage6-a-run-3"])
        #expect(steps.withLock { $0.filter { $0.hasPrefix("remove volume") } } == volumes.map { "remove volume " + $0 })
    }

    @Test func theFullestDiskCounts() throws {
        #expect(try DiskSpace(leastOf: ["/nowhere", "/proc/self", "/"]).free <= DiskSpace(at: "/proc/self").free)
        #expect(throws: NodeError.self) { try DiskSpace(leastOf: ["/nowhere"]) }
    }

    @Test func whatIsTooMuchGoesBeginningWithTheOldest() async throws {
        let folder = "/tmp/v6h-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = Mutex(Date(timeIntervalSince1970: 2_000_000_000))
        for job in [10, 20, 30] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/jobs/\(job)", withIntermediateDirectories: true)
            try Data(count: 600).write(to: URL(fileURLWithPath: "\(folder)/jobs/\(job)/file"))
        }
        let journal = try RunJournal(path: "\(folder)/journal.sqlite") { clock.withLock { $0 } }
        for (id, phase) in [(3, RunPhase.done), (1, .done), (2, .running), (4, .done)] {
            var record = RunRecord(
                AssignedRun(id: id, taskID: id, jobID: id * 10, image: "a", initOrganizationID: 1, assignedAt: "t"))
            record.phase = phase
            record.resolvedImage = "a@sha256:\(id)"
            try journal.store(record)
            clock.withLock { $0 += 60 }
        }
        func names(_ limits: HousekeepingConfiguration, isPressing: Bool = false) async throws -> [String] {
            let housekeeping = Housekeeping(
                folder: folder, journal: journal, engine: StubEngine(), relayImage: "v6-relay:new", limits: limits,
                now: { clock.withLock { $0 } })
            return try await housekeeping.items(isPressing: isPressing).map(\.name).filter { $0 != "v6-relay:old" }
        }
        var limits = HousekeepingConfiguration()
        #expect(try await names(limits).isEmpty)
        // An image of the stub has 1000 bytes, and that of run 2 is in use.
        limits.imageBytes = 2000
        limits.jobBytes = 1000
        #expect(try await names(limits) == ["\(folder)/jobs/30", "a@sha256:3"])
        #expect(
            try await names(HousekeepingConfiguration(), isPressing: true) == [
                "\(folder)/jobs/30", "\(folder)/jobs/10", "a@sha256:3", "a@sha256:1", "a@sha256:4",
            ])
    }

    /// An image whose last run was forgotten would stay for ever.
    @Test func runsAreForgottenWhenTheirImagesAreGone() async throws {
        let folder = "/tmp/v6h-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let clock = Mutex(Date(timeIntervalSince1970: 2_000_000_000))
        let journal = try RunJournal(path: "\(folder)/journal.sqlite") { clock.withLock { $0 } }
        for (id, phase, image) in [
            (1, RunPhase.done, "a@sha256:1" as String?), (2, .done, "a@sha256:1"), (3, .done, nil), (4, .running, nil),
            (5, .done, "gone@sha256:5"),
        ] {
            var record = RunRecord(
                AssignedRun(id: id, taskID: id, jobID: id, image: "a", initOrganizationID: 1, assignedAt: "t"))
            record.phase = phase
            record.resolvedImage = image
            try journal.store(record)
            clock.withLock { $0 += 1 }
        }
        let housekeeping = Housekeeping(
            folder: folder, journal: journal, engine: StubEngine(goneImages: ["gone@sha256:5"]),
            relayImage: "v6-relay:new", now: { clock.withLock { $0 } })
        clock.withLock { $0 += 29 * 86_400 }
        try await housekeeping.forget()
        #expect(try journal.runs().map(\.id) == [1, 2, 3, 4, 5])
        clock.withLock { $0 += 2 * 86_400 }
        try await housekeeping.forget()
        #expect(try journal.runs().map(\.id) == [2, 4])
        #expect(try await housekeeping.items().map(\.name).contains("a@sha256:1"))
    }

    /// A disk that is full is told to whoever waits, and no algorithm begins on it.
    @Test func aFullDiskRefusesRuns() async throws {
        let harness = try NodeHarness(free: 1 << 20)
        harness.server.assign(1)
        let supervisor = try await harness.live()
        let isDone = try await harness.isDone(1)
        await supervisor.stop()
        #expect(isDone)
        let run = try #require(harness.server.run(1))
        #expect(run["status"] == "failed")
        #expect(run["log"]?.stringValue?.contains("nearly full") == true)
        #expect(run["log"]?.stringValue?.contains("housekeeping.min_free") == true)
        #expect(harness.engine.starts("vantage6-test-run-1") == 0)
    }

    /// A second of writing is far more than the limit that is looked at once a second.
    @Test(arguments: [(1 << 20, true), (1 << 10, false)])
    func whatFillsTheSharedFolderDoesNotStay(limit: Int, stays: Bool) async throws {
        let folder = Mutex("")
        let engine = StubEngine { step in
            guard step == "started vantage6-test-run-1" else { return }
            let job = folder.withLock { $0 } + "/jobs/10"
            try Data(count: 100_000).write(to: URL(fileURLWithPath: "\(job)/filling"))
        }
        let harness = try NodeHarness(engine: engine, shared: limit)
        folder.withLock { $0 = harness.folder }
        harness.server.assign(1)
        let supervisor = try await harness.live()
        #expect(try await harness.isDone(1))
        while await !supervisor.active.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        await supervisor.stop()
        #expect(FileManager.default.fileExists(atPath: harness.folder + "/jobs/10/filling") == stays)
    }
}
