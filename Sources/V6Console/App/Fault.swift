// SPDX-License-Identifier: Apache-2.0

/// An error as the person reads it.
struct Fault: Error, Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case unreachable, unauthenticated, forbidden, missing, rejected, readOnly, other
    }

    var kind: Kind
    /// What failed and why, in one sentence.
    var message: String
    /// The request that failed, the server's answer, and the name by which its log can be searched.
    var origin: String? = nil
    /// The rule that would have allowed it, and how far the user's own reaches, where that is known.
    var rule: String? = nil
    /// How many seconds this clock is ahead of the server's, where a code that depends on the time was refused.
    var clock: Int? = nil
    /// Whether it carries something that belongs into no log, such as the secret of an authenticator.
    var isConfidential = false

    /// What to do next.
    var advice: String {
        switch kind {
        case .unreachable: "The console keeps trying; ctrl-r tries at once."
        case .unauthenticated: "Sign in again: type :login."
        case .forbidden: rule ?? "Ask an administrator for the rule, or see :whoami for those you have."
        case .missing: "It may have been deleted; ctrl-r fetches the list again."
        case .rejected: "Change what the message names and try again."
        case .readOnly: "Z turns read-only mode off."
        case .other: "ctrl-r tries again."
        }
    }
}
