// SPDX-License-Identifier: Apache-2.0

/// How many of something are at work at once; others wait in the order in which they came.
///
/// All tests begin at the same time. Several hundred servers at once hold thousands of descriptors, and Foundation's
/// `Process.run` reads past the end of its list of them.
actor Places {
    /// Whether the task has a place already, so that a second folder of one test waits for nobody.
    @TaskLocal private static var isTaken = false

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) {
        free = count
    }

    /// Runs `body` once there is a place for it.
    nonisolated func run<Result>(_ body: () async throws -> Result) async throws -> Result {
        if Self.isTaken { return try await body() }
        await take()
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await Self.$isTaken.withValue(true) { try await body() }) } catch {
            outcome = .failure(error)
        }
        await giveBack()
        return try outcome.get()
    }

    private func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func giveBack() {
        guard !waiting.isEmpty else {
            free += 1
            return
        }
        waiting.removeFirst().resume()
    }
}
