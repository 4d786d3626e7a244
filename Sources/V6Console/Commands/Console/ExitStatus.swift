// SPDX-License-Identifier: Apache-2.0

/// The exit codes of the scripted side; scripts rely on them, so a number never changes its meaning.
enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Done; an empty list is success too.
    case success = 0
    /// Failed, and no other code says it better.
    case failure = 1
    /// Cancelled by the person: declined, or ctrl-c at a prompt.
    case cancelled = 2
    case notFound = 3
    /// Not signed in, refused, or expired.
    case unauthenticated = 4
    /// The server says the account lacks a rule for this.
    case forbidden = 5
    /// Refused by validation or policy.
    case rejected = 6
    /// The server cannot be reached in time, or not safely.
    case unreachable = 7
    /// A wait ended while the task was still going.
    case pending = 8
    /// The task ended with failed runs.
    case taskFailed = 10
    /// The task was killed.
    case taskKilled = 11
    /// The command line makes no sense.
    case usage = 64
    /// Nobody reads our output any more.
    case brokenPipe = 141

    /// The word for this code in `{"error":{"code":…}}`.
    var code: String {
        switch self {
        case .success: "success"
        case .failure: "failure"
        case .cancelled: "cancelled"
        case .notFound: "not_found"
        case .unauthenticated: "unauthenticated"
        case .forbidden: "forbidden"
        case .rejected: "rejected"
        case .unreachable: "unreachable"
        case .pending: "pending"
        case .taskFailed: "task_failed"
        case .taskKilled: "task_killed"
        case .usage: "usage"
        case .brokenPipe: "broken_pipe"
        }
    }
}
