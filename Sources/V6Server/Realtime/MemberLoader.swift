// SPDX-License-Identifier: Apache-2.0

/// Finds out who holds a token and which rooms it opens.
struct MemberLoader {
    let session: any SQLSession

    /// The user or node with these claims; nil for anybody else.
    func member(_ claims: AccessClaims) throws -> Member? {
        let principal: Principal
        do { principal = try PrincipalLoader(session: session).principal(claims) } catch is Failure { return nil }
        return try member(principal)
    }

    /// The node with an identifier, from the database as it is now.
    func node(_ id: Int64) throws -> Member? {
        let row = try session.row("SELECT name, organization_id, collaboration_id FROM node WHERE id = \(id)")
        guard let row else { return nil }
        return try member(
            Principal(
                identity: .node(name: row.text(0) ?? "", collaborationID: row.integer(2)), id: id,
                organizationID: row.integer(1), permissions: Permissions()))
    }

    private func member(_ principal: Principal) throws -> Member? {
        let collaboration: Int64?
        let text: String
        switch principal.identity {
        case .user(let name): (text, collaboration) = (name, nil)
        case .node(let name, let id): (text, collaboration) = (name, id)
        case .container, .anonymous: return nil
        }
        return Member(
            id: principal.id, name: text, isNode: principal.kind == .node,
            organizationID: principal.organizationID ?? 0, collaborationID: collaboration,
            rooms: try rooms(of: principal))
    }

    /// The rooms that somebody may hear.
    func rooms(of principal: Principal) throws -> [Room] {
        switch principal.identity {
        case .user: return try rooms(ofUser: principal)
        case .node(_, let collaboration):
            let own = collaboration.map {
                [Room.collaboration($0), .organization(principal.organizationID ?? 0, collaboration: $0)]
            }
            return [.allNodes] + (own ?? [])
        case .container, .anonymous: return []
        }
    }

    private func rooms(ofUser user: Principal) throws -> [Room] {
        let access = Access(principal: user, session: session)
        switch access.widest(.event, .receive) {
        case .global: return try session.integers("SELECT id FROM collaboration ORDER BY id").map { .collaboration($0) }
        case .collaboration: return try access.ownCollaborations().sorted().map { .collaboration($0) }
        case .organization:
            return try access.ownCollaborations().sorted()
                .map { .organization(user.organizationID ?? 0, collaboration: $0) }
        case .own, nil: return []
        }
    }
}
