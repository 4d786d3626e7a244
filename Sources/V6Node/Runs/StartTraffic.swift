// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Knows which runs are on their way to their algorithm, so that what has time leaves the engine to them.
final class StartTraffic: Sendable {
    private struct State {
        var starting: Set<Int> = []
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var number = 0
    }

    private let state = Mutex(State())

    /// Says whether a run is being started.
    func note(_ run: Int, isStarting: Bool) {
        let released = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            if isStarting { state.starting.insert(run) } else { state.starting.remove(run) }
            guard state.starting.isEmpty else { return [] }
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in released { continuation.resume() }
    }

    /// Returns when no run is being started, after a while, or when the task is cancelled.
    func calm(within patience: Duration) async {
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        let limit = Task {
            do { try await Task.sleep(for: patience) } catch { return }
            release(number)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGo = state.withLock { state in
                    let mayGo = state.starting.isEmpty || Task.isCancelled
                    if !mayGo { state.waiting[number] = continuation }
                    return mayGo
                }
                if mayGo { continuation.resume() }
            }
        } onCancel: {
            release(number)
        }
        limit.cancel()
    }

    private func release(_ number: Int) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
}
