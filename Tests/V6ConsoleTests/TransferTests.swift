// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Console

/// Large results: how far they have come, and what becomes of a file when it is stopped.
@Suite struct TransferTests {
    @Test func wordsTellHowMuchHowFastAndHowLong() {
        var transfer = Transfer(begun: Network.now, progress: DownloadProgress(received: 0, total: 80_000_000))
        transfer.progress.received = 20_000_000
        #expect(transfer.words(at: Network.now) == "20.0 MB of 80.0 MB")
        #expect(
            transfer.words(at: Network.now.adding(seconds: 4)) == "20.0 MB of 80.0 MB · 5.0 MB/s · 12 s left")
        #expect(transfer.part == 0.25)
        transfer.progress.total = nil
        #expect(transfer.words(at: Network.now.adding(seconds: 4)) == "20.0 MB · 5.0 MB/s")
    }

    @Test func theScreenShowsItAndEscStopsIt() {
        var app = Network.app()
        app.model.world.federation = Federation()
        app.model.world.federation.absorb(.surroundings(Network.surroundings), for: .surroundings, at: Network.now)
        for task in Network.tasks where task.id == 28 {
            app.model.world.federation.absorb(.task(task), for: .task(28), at: Network.now)
        }
        app.model.world.federation.absorb(
            .runs(task: 28, Network.runs[28] ?? []), for: .runs(task: 28), at: Network.now)
        _ = app.execute("result 28")
        _ = app.update(.tick, at: Network.now)
        let effect = Effect.load(.result(run: 51))
        #expect(app.model.world.running[effect] != nil)
        let total = 80_000_000
        for (second, received) in [(0.5, 1_000_000), (1.5, 10_000_000)] {
            let progress = DownloadProgress(received: received, total: total)
            _ = app.update(.transfer(effect, progress), at: Network.now.adding(seconds: second))
        }
        let text = app.view().text
        #expect(text.contains("10.0 MB of 80.0 MB · 10.0 MB/s · 7.0 s left") && text.contains("esc stops it"))
        #expect(text.contains("▇▇▇▇▇░"))
        let effects = app.update(.key(.escape), at: Network.now.adding(seconds: 1.6))
        guard case .abandon(let list)? = effects.first else {
            Issue.record("nothing was stopped")
            return
        }
        #expect(list.contains(effect) && app.model.top.place == .result(task: 28))
        #expect(app.model.world.transfers.isEmpty)
    }

    @Test func whatIsStoppedLeavesNoFile() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appending(path: "result.json").path
            let stopped = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try NewFile.write(Data(count: 20 << 20), path: path, mayRename: true)
            }
            await #expect(throws: CancellationError.self) { try await stopped.value }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left == [])
        }
    }
}
