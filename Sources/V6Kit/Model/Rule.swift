// SPDX-License-Identifier: Apache-2.0

/// A permission: an operation on a kind of object, up to a scope.
public struct Rule: Sendable, Hashable, Codable {
    public let id: Int
    /// The kind of object, such as `task`.
    public let name: String
    /// `VIEW`, `EDIT`, `CREATE`, `DELETE`, `SEND` or `RECEIVE`.
    public let operation: String
    /// `OWN`, `ORGANIZATION`, `COLLABORATION` or `GLOBAL`.
    public let scope: String
    public let description: String?
}
