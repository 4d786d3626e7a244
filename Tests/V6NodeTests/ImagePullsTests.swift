// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import V6Node

struct ImagePullsTests {
    /// Counts how often it is opened, and opens when it is told to.
    private actor Gate {
        private(set) var entries = 0
        private var waiting: [CheckedContinuation<Void, Never>] = []
        private var isOpen = false

        func pass() async {
            entries += 1
            if !isOpen { await withCheckedContinuation { waiting.append($0) } }
        }

        func open() {
            isOpen = true
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
    }

    @Test func runsThatNeedOneImageShareItsPull() async throws {
        let (pulls, gate) = (ImagePulls(), Gate())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { try await pulls.join("a:1") { await gate.pass() } } }
            while await pulls.count(waitingFor: "a:1") != 20 { try await Task.sleep(for: .milliseconds(2)) }
            await gate.open()
            try await group.waitForAll()
        }
        #expect(await gate.entries == 1)
        try await pulls.join("a:1") { await gate.pass() }
        #expect(await gate.entries == 2)
    }

    @Test func aFailureIsEverybodys() async {
        let pulls = ImagePulls()
        let failures = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    do {
                        try await pulls.join("a:1") { throw EngineError(status: 404, message: "no such image") }
                        return false
                    } catch { return (error as? EngineError)?.isMissing == true }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(failures == Array(repeating: true, count: 5))
    }

    /// Killing one run leaves the others their pull; killing the last ends it.
    @Test func aPullEndsWithTheLastRunThatWaits() async throws {
        let pulls = ImagePulls()
        let wasCancelled = Mutex(false)
        let pull: @Sendable () async throws -> Void = {
            do { try await Task.sleep(for: .seconds(60)) } catch {
                wasCancelled.withLock { $0 = true }
                throw error
            }
        }
        let first = Task { try await pulls.join("a:1", pull) }
        let second = Task { try await pulls.join("a:1", pull) }
        while await pulls.count(waitingFor: "a:1") != 2 { try await Task.sleep(for: .milliseconds(2)) }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        #expect(!wasCancelled.withLock { $0 })
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        while !wasCancelled.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(2)) }
        #expect(await pulls.count(waitingFor: "a:1") == nil)
    }
}
