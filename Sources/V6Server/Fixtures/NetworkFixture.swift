// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a file of `v6-server import` holds: the people and places of a network, in the format of 4.15.2.
///
/// Members marked "ours" are not known to the original.
struct NetworkFixture: Sendable, Equatable {
    var organizations: [Organization] = []
    var collaborations: [Collaboration] = []

    /// An organization with its users and, ours, its own roles.
    struct Organization: Sendable, Equatable {
        var name: String
        var domain: String?
        var address1: String?
        var address2: String?
        var zipcode: String?
        var country: String?
        /// The bytes of the PEM text.
        var publicKey: Data?
        var roles: [Role] = []
        var users: [User] = []
    }

    /// A role of an organization (ours).
    struct Role: Sendable, Equatable {
        var name: String
        var description: String?
        var grants: [Grant]
    }

    /// A user.
    struct User: Sendable, Equatable {
        var username: String
        var firstname: String?
        var lastname: String?
        var email: String?
        var password: Secret?
        /// The names of its roles (ours); nil for the role `super` that 4.15.2 gives to everybody it imports.
        var roles: [String]?
    }

    /// A collaboration.
    struct Collaboration: Sendable, Equatable {
        var name: String
        var encrypted = true
        var participants: [Participant] = []
        /// Images, each of which becomes a task with one run for each participant.
        var tasks: [String] = []
    }

    /// An organization in a collaboration, with its node.
    struct Participant: Sendable, Equatable {
        /// The name of the organization.
        var name: String
        /// The name of its node; nil when it has none (ours: 4.15.2 always makes one).
        var node: String?
        /// The node's API key; nil for a new one.
        var apiKey: Secret?
    }

    /// Something that is stored as a bcrypt hash.
    enum Secret: Sendable, Equatable {
        case plain(String)
        /// The hash itself (ours).
        case hash(String)

        /// What is stored.
        ///
        /// Slow, unless it is there already.
        func hashed() throws -> String {
            switch self {
            case .plain(let text): try Bcrypt.hash(text)
            case .hash(let hash): hash
            }
        }
    }

    /// The name 4.15.2 gives to the node of an organization in a collaboration.
    static func nodeName(organization: String, collaboration: String) -> String {
        "\(organization) - \(collaboration) Node"
    }

    /// The role that 4.15.2 makes for each organization it imports, with all rules.
    static let superRole = "super"
}
