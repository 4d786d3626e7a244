// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/collaboration/{id}/organization` and `/collaboration/{id}/node`.
struct CollaborationMembers {
    let links: Links

    var routes: [Route] {
        [
            Route(
                "POST", "/collaboration/{id}/organization", .user, "Adds an organization.",
                permission: .rule(.collaboration, .edit), body: Schemas.onlyID,
                answers: [.ok(.list(Objects.organization))], .writing(addOrganization)),
            Route(
                "DELETE", "/collaboration/{id}/organization", .user, "Takes an organization out.",
                permission: .rule(.collaboration, .edit), body: Schemas.onlyID,
                answers: [.ok(.list(Objects.organization))], .writing(removeOrganization)),
            Route(
                "POST", "/collaboration/{id}/node", .user, "Adds a node.", permission: .rule(.collaboration, .edit),
                body: Schemas.onlyID, answers: [.created(.list(Objects.nodeOfCollaboration))], .writing(addNode)),
            Route(
                "DELETE", "/collaboration/{id}/node", .user, "Takes a node out.",
                permission: .rule(.collaboration, .edit), body: Schemas.onlyID, answers: [.message],
                .writing(removeNode)),
        ]
    }

    private func addOrganization(_ call: Call) throws -> Reply {
        let collaboration = try found(call)
        try requireEdit(call)
        let id = LenientInteger.read(try call.body()["id"] ?? .null) ?? 0
        guard try OrganizationRecord.find(id, call.session) != nil else {
            // The number 4.15.2 names here is that of the collaboration.
            throw Failure.notFound("organization with id=\(collaboration.id) is not found")
        }
        try MembershipTable.collaboration.add(id, to: collaboration.id, call.session)
        return try organizations(of: collaboration.id, call)
    }

    private func removeOrganization(_ call: Call) throws -> Reply {
        let collaboration = try CollaborationRecord.find(call.id, call.session)
        guard let collaboration else {
            throw Failure.notFound("Collaboration with collaboration_id=\(call.id) can not be found")
        }
        let id = LenientInteger.read(try call.body()["id"] ?? .null) ?? 0
        guard try OrganizationRecord.find(id, call.session) != nil else {
            throw Failure.notFound("Organization with id=\(id) is not found")
        }
        try requireEdit(call)
        guard try MembershipTable.collaboration.members(of: collaboration.id, call.session).contains(id) else {
            throw Failure.notFound("Organization with id=\(id) is not part of collaboration id=\(collaboration.id)")
        }
        try MembershipTable.collaboration.remove(id, from: collaboration.id, call.session)
        return try organizations(of: collaboration.id, call)
    }

    private func addNode(_ call: Call) throws -> Reply {
        let collaboration = try found(call)
        try requireEdit(call)
        let node = try node(LenientInteger.read(try call.body()["id"] ?? .null) ?? 0, call)
        if node.collaborationID == collaboration.id {
            throw Failure.invalid("node id=\(node.id) is already in collaboration id=\(collaboration.id)")
        }
        let members = try MembershipTable.collaboration.members(of: collaboration.id, call.session)
        guard let organization = node.organizationID, members.contains(organization) else {
            throw Failure.invalid(
                "Node id=\(node.id) belongs to an organization that is not part of collaboration "
                    + "id=\(collaboration.id). Please add the organization to the collaboration first")
        }
        try call.session.run("UPDATE node SET collaboration_id = \(collaboration.id) WHERE id = \(node.id)")
        let rows = try call.session.rows(
            """
            SELECT \(NodeRecord.columns) FROM \(NodeRecord.source)
                WHERE node.collaboration_id = \(collaboration.id) ORDER BY node.id
            """)
        return .json(.array(rows.map { NodeRecord($0).shortJSON(links) }), status: 201)
    }

    private func removeNode(_ call: Call) throws -> Reply {
        let collaboration = try found(call)
        try requireEdit(call)
        let id = LenientInteger.read(try call.body()["id"] ?? .null) ?? 0
        guard let node = try NodeRecord.find(id, call.session) else {
            // The number 4.15.2 names here is that of the collaboration.
            throw Failure.notFound("node id=\(collaboration.id) not found")
        }
        guard node.collaborationID == collaboration.id else {
            throw Failure.invalid("node id=\(node.id) is not part of collaboration id=\(collaboration.id)")
        }
        try call.session.run("UPDATE node SET collaboration_id = NULL WHERE id = \(node.id)")
        return .message("node id=\(node.id) removed from collaboration id=\(collaboration.id)")
    }

    private func found(_ call: Call) throws -> CollaborationRecord {
        guard let collaboration = try CollaborationRecord.find(call.id, call.session) else {
            throw Failure.notFound("collaboration having collaboration_id=\(call.id) can not be found")
        }
        return collaboration
    }

    private func node(_ id: Int64, _ call: Call) throws -> NodeRecord {
        guard let node = try NodeRecord.find(id, call.session) else {
            throw Failure.notFound("node id=\(id) not found")
        }
        return node
    }

    private func requireEdit(_ call: Call) throws {
        try call.require(try call.access.onCollaboration(.collaboration, .edit, call.id))
    }

    private func organizations(of id: Int64, _ call: Call) throws -> Reply {
        .json(.array(try MembershipTable.collaboration.organizations(of: [id], links, call)[id] ?? []))
    }
}
