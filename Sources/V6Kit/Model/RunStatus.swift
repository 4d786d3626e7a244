// SPDX-License-Identifier: Apache-2.0

/// The state of one run, and of a task as derived from its runs.
///
/// The raw values are the texts of the 4.15 wire contract.
public enum RunStatus: String, Sendable, Hashable, Codable, CaseIterable {
    /// Created by the server; no node has answered yet.
    case pending
    /// Reserved; no 4.15 component sends it.
    case initializing
    /// The container runs.
    case active
    /// The container ended with exit code 0.
    case completed
    /// Failed before the container ran, or because a sibling failed.
    case failed
    /// The engine refused to create or start the container.
    case startFailed = "start failed"
    /// The image is absent or could not be pulled.
    case noDockerImage = "non-existing Docker image"
    /// The container ended with another exit code than 0.
    case crashed
    /// Somebody killed the task.
    case killed = "killed by user"
    /// The node's policy refused it.
    case notAllowed = "not allowed"
    /// The container disappeared.
    case unknownError = "unknown error"

    /// Whether nothing more will happen.
    public var isFinished: Bool { self != .pending && self != .initializing && self != .active }

    /// Whether it ended without success.
    public var isFailed: Bool { isFinished && self != .completed }

    /// The status of a task with these runs: a failure wins, then `active`, `initializing`, `pending`, else `completed`.
    ///
    /// Failed runs that disagree give ``failed``; a task without runs is ``completed``.
    public static func ofTask(_ runs: some Sequence<RunStatus>) -> RunStatus {
        var failure: RunStatus?
        var open: RunStatus = .completed
        for status in runs {
            if status.isFailed {
                if let failure, failure != status { return .failed }
                failure = status
            } else if status == .active || open == .completed || (status == .initializing && open == .pending) {
                open = status
            }
        }
        return failure ?? open
    }
}
