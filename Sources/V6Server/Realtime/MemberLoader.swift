// SPDX-License-Identifier: Apache-2.0

/// Finds out who holds a token and which rooms it opens.
struct MemberLoader {
    let session: any SQLSession

    /// The user or node with these claims; nil for anybody else.
    func member(_ claims: AccessClaims) throws -> Member? {
        guard let principal = try? PrincipalLoader(session: session).principal(claims) else { return nil }
        let organization = principal.organizationID ?? 0
        switch principal.identity {
        case .user(let name):
            return Member(
                id: principal.id, name: name, isNode: false, organizationID: organization,
                rooms: try rooms(ofUser: principal))
        case .node(let name, let collaboration):
            let places = collaboration.map {
                [Room.collaboration($0), .organization(organization, collaboration: $0)]
            }
            return Member(
                id: principal.id, name: name, isNode: true, organizationID: organization,
                rooms: [.allNodes] + (places ?? []))
        case .container, .anonymous: return nil
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
