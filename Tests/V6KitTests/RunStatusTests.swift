// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

struct RunStatusTests {
    @Test(
        "a task's status follows from its runs",
        arguments: [
            ([], .completed), ([.completed, .completed], .completed), ([.pending, .completed], .pending),
            ([.active, .pending], .active), ([.initializing, .pending], .initializing),
            ([.active, .crashed], .crashed), ([.crashed, .crashed, .completed], .crashed),
            ([.crashed, .killed], .failed), ([.notAllowed, .pending], .notAllowed),
        ] as [([RunStatus], RunStatus)])
    func task(_ runs: [RunStatus], _ expected: RunStatus) {
        #expect(RunStatus.ofTask(runs) == expected)
    }

    @Test("three states are open, one is a success, the others are failures")
    func kinds() {
        #expect(RunStatus.allCases.filter { !$0.isFinished } == [.pending, .initializing, .active])
        #expect(RunStatus.allCases.filter { $0.isFinished && !$0.isFailed } == [.completed])
        #expect(RunStatus(rawValue: "non-existing Docker image") == .noDockerImage)
    }
}
