// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

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
        for item in items { try await housekeeping.remove(item) }
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/runs/1"))
        #expect(FileManager.default.fileExists(atPath: "\(folder)/runs/2"))
    }
}
