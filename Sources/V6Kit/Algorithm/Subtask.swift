// SPDX-License-Identifier: Apache-2.0

/// A task that a central method created for other organizations.
public struct Subtask: Sendable, Hashable {
    /// The id of the task at the server.
    public let id: Int
    /// The method its runs call.
    public let method: String
    /// The organizations that run it.
    public let organizations: [Int]
}
