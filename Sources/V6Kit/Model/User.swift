// SPDX-License-Identifier: Apache-2.0

/// A person of an organization who may sign in.
public struct User: Sendable, Hashable, Codable {
    public let id: Int
    public let username: String
    public let firstname: String?
    public let lastname: String?
    public let email: String?
    public let organization: Link?
    public let status: String?
    public let lastSeen: Timestamp?

    private enum CodingKeys: String, CodingKey {
        case id, username, firstname, lastname, email, organization, status
        case lastSeen = "last_seen"
    }
}
