// SPDX-License-Identifier: Apache-2.0

/// The daemon of one organization in one collaboration, beside the data.
public struct Node: Sendable, Hashable, Codable {
    /// One fact that a node tells about itself; a list is told as several facts with the same key.
    public struct Fact: Sendable, Hashable, Codable {
        public let key: String
        public let value: String?
    }

    public let id: Int
    public let name: String
    public let organization: Link?
    /// Nil once the node was taken out of its collaboration.
    public let collaboration: Link?
    /// `online`, `offline`, or nil for a node that never connected.
    public var status: String?
    public let lastSeen: Timestamp?
    /// The address in the VPN, where one is used.
    public let ip: String?
    /// What the node shares of its configuration; empty while it is offline, nil in short forms.
    public let config: [Fact]?

    /// Whether the server holds a connection to the node.
    public var isOnline: Bool { status == "online" }

    private enum CodingKeys: String, CodingKey {
        case id, name, organization, collaboration, status, ip, config
        case lastSeen = "last_seen"
    }
}
