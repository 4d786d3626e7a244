// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// When an account refuses to be tried again.
struct LockoutPolicy: Sendable {
    /// Failures before the account is blocked.
    var maxFailedAttempts = 5
    /// How long it stays blocked after the last counted failure.
    var inactivationMinutes = 15
    /// How far mails to one user about failures and recovery must lie apart.
    var betweenEmailsMinutes = 60
    /// How many mails one address may ask for in an hour, for whomever; more are silently not sent.
    var mailsPerAddressAndHour = 60

    /// Whether an account is blocked at a moment.
    func isBlocked(failures: Int64, last: Timestamp?, at now: Timestamp) -> Bool {
        guard failures >= maxFailedAttempts, let last else { return false }
        return now.seconds(since: last) < Double(inactivationMinutes * 60)
    }

    /// The number of failures after one more: it starts anew when a block has passed.
    func failures(after failures: Int64) -> Int64 { failures >= maxFailedAttempts ? 1 : failures + 1 }
}
