// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What this process has done since it began, for Prometheus.
final class Metrics: Sendable {
    /// What requests are counted by.
    struct Request: Hashable, Sendable {
        let method: String
        /// The path as the route declares it; `-` where there is none, so that made-up paths make no new counters.
        let route: String
        let status: Int
    }

    /// How long the requests of one route took.
    struct Histogram: Sendable, Hashable {
        /// The upper bounds of the buckets, in seconds.
        static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

        /// How many lie in each bucket; the last one has no bound.
        private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
        private(set) var sum = 0.0

        var total: Int { counts.reduce(0, +) }

        mutating func add(_ seconds: Double) {
            counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
            sum += seconds
        }
    }

    /// Everything that was counted.
    struct Counts: Sendable, Hashable {
        var requests: [Request: Int] = [:]
        var durations: [String: Histogram] = [:]
        /// Sign-ins by kind and outcome, as `user ok`.
        var logins: [Login: Int] = [:]
        var rateLimited = 0
    }

    /// What sign-ins are counted by.
    struct Login: Hashable, Sendable {
        let kind: String
        let isGood: Bool
    }

    private let counts = Mutex(Counts())

    /// Counts a request that was answered.
    func answered(_ request: Request, seconds: Double) {
        counts.withLock { counts in
            counts.requests[request, default: 0] += 1
            counts.durations[request.route, default: Histogram()].add(seconds)
            if request.status == 429 { counts.rateLimited += 1 }
            if request.method == "POST", request.route == "/token/user" || request.route == "/token/node" {
                let kind = String(request.route.dropFirst("/token/".count))
                counts.logins[Login(kind: kind, isGood: request.status == 200), default: 0] += 1
            }
        }
    }

    /// What was counted so far.
    var current: Counts { counts.withLock { $0 } }
}
