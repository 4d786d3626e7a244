// SPDX-License-Identifier: Apache-2.0

/// Which reads may share a transaction: those that keep no other waiting for long.
enum SharedReadLimit {
    private static let quick = Duration.milliseconds(50)

    /// Whether a transaction was quick.
    static func isQuick(since begin: ContinuousClock.Instant) -> Bool { ContinuousClock.now - begin < quick }
}
