// SPDX-License-Identifier: Apache-2.0

/// Something on a realtime connection that does not follow the protocol.
public struct RealtimeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was wrong, for a person.
    public let description: String

    /// An error with its text.
    public init(_ description: String) { self.description = description }
}
