// SPDX-License-Identifier: Apache-2.0

/// The roles every database has, with the rules each holds.
enum DefaultRole: String, CaseIterable, Sendable {
    case root = "Root"
    case container
    case node
    case viewer = "Viewer"
    case researcher = "Researcher"
    case organizationAdmin = "Organization Admin"
    case collaborationAdmin = "Collaboration Admin"

    /// The description in the database.
    var description: String {
        switch self {
        case .root: "Super role"
        case .container: "container role"
        case .node: "node role"
        case .viewer: "Can manage their own account and view resources related to their organization"
        case .researcher:
            "Can perform tasks, manage their own account, and view resources related to their organization"
        case .organizationAdmin: "Can manage an organization including its users, roles, and nodes."
        case .collaborationAdmin:
            "Can manage a collaboration including its organization and users. "
                + "Also has permissions of an organization admin and researcher."
        }
    }

    /// Whether rules beyond ours are taken away at start.
    ///
    /// Nodes and containers keep what an operator added (4.15.2).
    var isReset: Bool { self != .node && self != .container }

    /// The rules it holds.
    var grants: [Grant] {
        switch self {
        case .root: RuleCatalogue.rules.map(\.grant)
        case .container: Self.containerGrants
        case .node:
            Self.containerGrants + Self.grants(.node, [.edit: [.organization]])
                + Self.grants(.organization, [.edit: [.organization]])
        case .viewer: Self.viewerGrants
        case .researcher: Self.researcherGrants
        case .organizationAdmin: Self.organizationAdminGrants
        case .collaborationAdmin:
            Array(Set(Self.organizationAdminGrants + Self.researcherGrants + Self.collaborationAdminGrants))
        }
    }

    private static let containerGrants =
        grants(.node, [.view: [.organization]]) + grants(.collaboration, [.view: [.organization]])
        + grants(.organization, [.view: [.organization, .collaboration]]) + grants(.task, [.view: [.collaboration]])
        + grants(.run, [.view: [.collaboration]]) + grants(.port, [.view: [.organization]])
        + grants(.study, [.view: [.organization]])

    private static let viewerGrants =
        grants(.user, [.view: [.organization], .edit: [.own], .delete: [.own]])
        + grants(.organization, [.view: [.organization, .collaboration]])
        + grants(.collaboration, [.view: [.organization]]) + grants(.role, [.view: [.organization]])
        + grants(.node, [.view: [.organization, .collaboration]]) + grants(.task, [.view: [.collaboration]])
        + grants(.run, [.view: [.collaboration]]) + grants(.port, [.view: [.organization]])
        + grants(.event, [.receive: [.organization, .collaboration]]) + grants(.study, [.view: [.organization]])

    private static let researcherGrants =
        viewerGrants + grants(.task, [.create: [.collaboration], .delete: [.organization]])

    private static let organizationAdminGrants =
        viewerGrants
        + grants(.user, [.create: [.organization], .edit: [.organization], .delete: [.organization]])
        + grants(.organization, [.edit: [.organization]])
        + grants(.role, [.create: [.organization], .edit: [.organization], .delete: [.organization]])
        + grants(.node, [.create: [.organization], .edit: [.organization]])
        + grants(.event, [.send: [.organization]])

    private static let collaborationAdminGrants =
        grants(.user, [.view: [.collaboration], .create: [.collaboration], .edit: [.collaboration]])
        + grants(.organization, [.view: [.global], .edit: [.collaboration]])
        + grants(.collaboration, [.edit: [.collaboration]]) + grants(.role, [.view: [.collaboration]])
        + grants(.node, [.create: [.collaboration], .delete: [.collaboration]])
        + grants(.event, [.send: [.collaboration]])
        + grants(
            .study,
            [
                .view: [.collaboration], .create: [.collaboration], .edit: [.collaboration], .delete: [.collaboration],
            ])

    private static func grants(_ resource: Resource, _ scopes: [Operation: [Scope]]) -> [Grant] {
        scopes.flatMap { operation, scopes in
            scopes.map { Grant(resource: resource, operation: operation, scope: $0) }
        }
    }
}
