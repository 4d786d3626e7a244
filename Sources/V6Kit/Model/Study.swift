// SPDX-License-Identifier: Apache-2.0

/// A subset of the organizations of a collaboration.
public struct Study: Sendable, Hashable, Codable {
    public let id: Int
    public let name: String
    public let collaboration: Link?
}
