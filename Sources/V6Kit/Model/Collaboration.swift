// SPDX-License-Identifier: Apache-2.0

/// A group of organizations that run tasks together.
public struct Collaboration: Sendable, Hashable, Codable {
    public let id: Int
    public let name: String
    /// Whether inputs and results are encrypted end to end.
    public let encrypted: Bool
}
