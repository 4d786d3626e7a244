// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Which statements a request asked when it last came, so that an engine far away gets all of them at once, and together
/// with those of other requests.
///
/// Whoever polls sends the same request again and again, and mostly the same statements follow. They are only announced
/// (``Store/read(asking:kind:_:)``): an answer is used when the request does ask for it, in the transaction it is asked in, so
/// nothing remembered here decides anything.
final class Foresight: Sendable {
    /// What is likely to lead to the same statements.
    struct Key: Hashable, Sendable {
        let path: String
        let query: Query
        let holder: RateLimiter.Key

        /// The same number for the same request, whoever sends it.
        var kind: Int {
            var hasher = Hasher()
            hasher.combine(path)
            hasher.combine(query)
            return hasher.finalize()
        }
    }

    private let known = Mutex<[Key: [SQL]]>([:])
    /// How many requests are known at most.
    private static let capacity = 2_000
    /// How many values the statements of one request may have together.
    private static let mostValues = 500

    /// The statements of such a request; nil when it is not known.
    func statements(of key: Key) -> [SQL]? { known.withLock { $0[key] } }

    /// Notes the statements of a request; nil when it is to be forgotten.
    func note(_ statements: [SQL]?, of key: Key) {
        let values = statements?.reduce(0) { $0 + $1.values.count } ?? 0
        known.withLock { known in
            let kept = values <= Self.mostValues ? statements : nil
            if known[key] == kept { return }
            if known.count >= Self.capacity { known.removeAll() }
            known[key] = kept
        }
    }
}
