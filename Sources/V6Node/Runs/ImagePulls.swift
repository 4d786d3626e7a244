// SPDX-License-Identifier: Apache-2.0

/// Lets runs that need the same image at the same time share one pull.
actor ImagePulls {
    private struct Pull {
        let number: Int
        let task: Task<Void, Never>
        var waiting: [Int: AsyncStream<Result<Void, any Error>>.Continuation] = [:]
    }

    private var pulls: [String: Pull] = [:]
    private var number = 0

    /// Joins the pull of an image, or begins it.
    ///
    /// A pull that nobody waits for any more is broken off.
    func join(_ image: String, _ pull: @escaping @Sendable () async throws -> Void) async throws {
        let (results, continuation) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
        number += 1
        let own = number
        if pulls[image] == nil {
            let task = Task {
                do {
                    try await pull()
                    self.end(image, own, .success(()))
                } catch {
                    self.end(image, own, .failure(error))
                }
            }
            pulls[image] = Pull(number: own, task: task)
        }
        pulls[image]?.waiting[own] = continuation
        for await result in results { return try result.get() }
        leave(image, own)
        throw CancellationError()
    }

    /// How many runs wait for the pull of an image; nil when there is none.
    func count(waitingFor image: String) -> Int? { pulls[image]?.waiting.count }

    private func end(_ image: String, _ number: Int, _ result: Result<Void, any Error>) {
        guard let pull = pulls[image], pull.number == number else { return }
        pulls[image] = nil
        for continuation in pull.waiting.values { continuation.yield(result) }
    }

    private func leave(_ image: String, _ own: Int) {
        guard pulls[image]?.waiting.removeValue(forKey: own) != nil, pulls[image]?.waiting.isEmpty == true else {
            return
        }
        pulls.removeValue(forKey: image)?.task.cancel()
    }
}
