// SPDX-License-Identifier: Apache-2.0

/// A named set of rules that can be given to users.
public struct Role: Sendable, Hashable, Codable {
    public let id: Int
    public let name: String
    public let description: String?
    /// Nil for the default roles, which every organization may use.
    public let organization: Link?
    public let isDefaultRole: Bool?

    private enum CodingKeys: String, CodingKey {
        case id, name, description, organization
        case isDefaultRole = "is_default_role"
    }
}
