// SPDX-License-Identifier: Apache-2.0

/// Finds out who holds a token and which rooms it opens.
struct MemberLoader {
    let session: any SQLSession

    /// The user or node with these claims; nil for anybody else.
    func member(_ claims: AccessClaims) throws -> Member? {
        guard let principal = try? PrincipalLoader(session: session).principal(claims) else { return nil }
        switch principal.identity {
        case .user(let name), .node(let name, _):
            return Member(
                id: principal.id, name: name, isNode: principal.kind == .node,
                organizationID: principal.organizationID ?? 0, rooms: try rooms(of: principal))
        case .container, .anonymous: return nil
        }
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
