// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Node

struct AdmissionQueueTests {
    @Test func placesAreGivenInTheOrderOfArrival() {
        var queue = AdmissionQueue(places: 2)
        for run in [5, 3, 9] { queue.enqueue(run) }
        #expect(queue.admit() == [5, 3])
        #expect(queue.admit() == [])
        queue.remove(3)
        #expect(queue.admit() == [9])
    }

    @Test func aRunIsNotQueuedTwice() {
        var queue = AdmissionQueue(places: 1)
        queue.enqueue(1)
        queue.enqueue(1)
        #expect(queue.admit() == [1])
        queue.enqueue(1)
        queue.remove(2)
        #expect(queue.queue == [])
    }

    /// Central runs that fill every place and wait for runs of this node would wait for ever.
    @Test func waitingParentsNeverBlockTheirChildren() {
        var queue = AdmissionQueue(places: 2)
        for parent in 1...4 { queue.enqueue(parent) }
        #expect(queue.admit() == [1, 2])
        queue.beganWaiting(1)
        queue.beganWaiting(2)
        queue.enqueue(11)
        #expect(queue.admit() == [3, 4])
        queue.beganWaiting(3)
        #expect(queue.admit() == [11])
        queue.remove(11)
        queue.beganWaiting(4)
        #expect(queue.admit() == [])
    }

    @Test func adoptedRunsCountEvenBeyondThePlaces() {
        var queue = AdmissionQueue(places: 1)
        queue.adopt(1, hasSubtasks: false)
        queue.adopt(2, hasSubtasks: false)
        queue.adopt(3, hasSubtasks: true)
        queue.enqueue(4)
        queue.remove(1)
        #expect(queue.admit() == [])
        queue.remove(2)
        #expect(queue.admit() == [4])
    }
}
