// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What a directory lists, and what it says of each.
enum DirectoryKind: Hashable, Sendable {
    case organizations, users, roles

    var record: RecordKind {
        switch self {
        case .organizations: .organization
        case .users: .user
        case .roles: .role
        }
    }

    var title: String {
        switch self {
        case .organizations: "Organizations"
        case .users: "Users"
        case .roles: "Roles"
        }
    }

    var columns: [Column] {
        switch self {
        case .organizations:
            [
                Column("ID", 4), Column("NAME", 16, upTo: 36, names: true), Column("COUNTRY", 8, upTo: 18, priority: 2),
                Column("DOMAIN", 10, upTo: 26, priority: 3), Column("KEY", 4, upTo: 6, priority: 1),
                Column("NODES", 6, upTo: 9, priority: 1),
            ]
        case .users:
            [
                Column("ID", 4), Column("USERNAME", 12, upTo: 26, names: true),
                Column("NAME", 12, upTo: 30, priority: 2),
                Column("ORGANIZATION", 13, upTo: 28, priority: 1),
                Column("SEEN", 7, upTo: 10, priority: 3, align: .trailing),
            ]
        case .roles:
            [
                Column("ID", 4), Column("ROLE", 16, upTo: 30, names: true), Column("OWNER", 10, upTo: 24, priority: 1),
                Column("DESCRIPTION", 12, upTo: 50, priority: 2),
            ]
        }
    }

    func rows(in world: World) -> [DirectoryRow] {
        let federation = world.federation
        switch self {
        case .organizations:
            return federation.organizations.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { one in
                let nodes = federation.nodes.values.filter { $0.organization?.id == one.id }
                let hasKey = one.publicKey?.isEmpty == false
                return DirectoryRow(
                    id: one.id,
                    cells: [
                        Span(String(one.id)), Span(one.name), Span(one.country ?? "", .dim),
                        Span(one.domain ?? "", .dim),
                        Span(hasKey ? "yes" : "none", hasKey ? .good : .warning),
                        Span("\(nodes.count(where: \.isOnline))/\(nodes.count)"),
                    ])
            }
        case .users:
            return federation.surroundings.users.sorted { ($0.username, $0.id) < ($1.username, $1.id) }.map { one in
                let name = [one.firstname, one.lastname].compactMap { $0 }.joined(separator: " ")
                return DirectoryRow(
                    id: one.id,
                    cells: [
                        Span(String(one.id)), Span(one.username), Span(name, .dim),
                        Span(federation.organizationName(one.organization?.id)),
                        Span(
                            world.age(one.lastSeen), .dim, order: one.lastSeen.map { world.now.seconds(since: $0) }),
                    ])
            }
        case .roles:
            return federation.roles.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { one in
                let owner = one.organization.map { federation.organizationName($0.id) } ?? "everybody"
                return DirectoryRow(
                    id: one.id,
                    cells: [Span(String(one.id)), Span(one.name), Span(owner, .dim), Span(one.description ?? "", .dim)])
            }
        }
    }

    func facts(of id: Int, in world: World) -> [(String, Span)] {
        let federation = world.federation
        switch self {
        case .organizations:
            guard let one = federation.organizations[id] else { return [] }
            let collaborations = federation.surroundings.members.filter { $0.value.contains(id) }.keys.sorted()
            let nodes = federation.sortedNodes.filter { $0.organization?.id == id }
            let address = [one.address1, one.address2, one.zipcode].compactMap { $0 }.filter { !$0.isEmpty }
            return [
                ("address", Span(address.joined(separator: ", "))), ("country", Span(one.country ?? "")),
                ("domain", Span(one.domain ?? "")), ("public key", Span(Self.fingerprint(one.publicKey))),
                (
                    "collaborations",
                    Span(collaborations.map { federation.collaborationName($0) }.joined(separator: ", "))
                ),
            ] + nodes.map { ($0.name, world.span(of: $0)) }
        case .users:
            guard let one = federation.surroundings.users.first(where: { $0.id == id }) else { return [] }
            return [
                ("name", Span([one.firstname, one.lastname].compactMap { $0 }.joined(separator: " "))),
                ("e-mail", Span(one.email ?? "–")),
                ("organization", Span(federation.organizationName(one.organization?.id))),
                ("status", Span(one.status ?? "–")), ("last seen", Span(world.age(one.lastSeen))),
                ("roles", Span(federation.roleNames(ofUser: id) ?? "…")),
            ]
        case .roles:
            guard let rules = federation.rules[id] else { return [("rules", Span("…", .dim))] }
            if rules.isEmpty { return [("rules", Span("none: whoever has no other role may do nothing", .dim))] }
            return Permissions(rules).lines.enumerated().map { index, line in (index == 0 ? "rules" : "", Span(line)) }
        }
    }

    /// The fingerprint of a public key as it travels, to be compared over the telephone.
    static func fingerprint(_ wire: String?) -> String {
        guard let wire, !wire.isEmpty else { return "none uploaded" }
        do { return try PublicKey(wire: wire).fingerprint } catch { return "cannot be read: \(error)" }
    }
}
