// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import V6Node

@Suite(.timeLimit(.minutes(5)))
struct StartTrafficTests {
    @Test func nothingIsWaitedForWhereNothingStarts() async {
        let traffic = StartTraffic()
        traffic.note(1, isStarting: true)
        traffic.note(1, isStarting: false)
        // Longer than the suite may take.
        await traffic.calm(within: .seconds(3600))
    }

    @Test func whatHasTimeWaitsForTheLastStart() async {
        let traffic = StartTraffic()
        traffic.note(1, isStarting: true)
        traffic.note(2, isStarting: true)
        let isCalm = Mutex(false)
        async let waiting: Void = {
            await traffic.calm(within: .seconds(3600))
            isCalm.withLock { $0 = true }
        }()
        traffic.note(1, isStarting: false)
        #expect(!isCalm.withLock { $0 })
        traffic.note(2, isStarting: false)
        await waiting
        #expect(isCalm.withLock { $0 })
    }

    /// A pull can take hours.
    @Test func itIsNotWaitedForEver() async {
        let traffic = StartTraffic()
        traffic.note(1, isStarting: true)
        await traffic.calm(within: .milliseconds(20))
    }

    @Test func whoIsCancelledWaitsNoLonger() async {
        let traffic = StartTraffic()
        traffic.note(1, isStarting: true)
        let waiting = Task { await traffic.calm(within: .seconds(3600)) }
        waiting.cancel()
        await waiting.value
    }
}
