// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/collaboration`.
struct CollaborationResource {
    let links: Links

    private static let sorting = Sorting(
        "Collaboration", table: "collaboration", ["id", "name", "encrypted"], standard: "collaboration.id")

    var routes: [Route] {
        [
            Route(
                "GET", "/collaboration", .userOrNode, "Lists collaborations.",
                permission: .rule(.collaboration, .view),
                query: [
                    .pattern("name"), "encrypted", .looseID("organization_id"), .looseID("algorithm_store_id"),
                    .include("organizations"),
                ], sorting: Self.sorting, answers: [.page(of: Objects.collaboration)], refusals: [404], .reading(list)),
            Route(
                "POST", "/collaboration", .user, "Creates a collaboration.", permission: .rule(.collaboration, .create),
                query: [.include("organizations")], body: Schemas.collaboration, answers: [.ok(Objects.collaboration)],
                .writing(create)),
            Route(
                "GET", "/collaboration/{id}", .all, "Shows a collaboration.", permission: .rule(.collaboration, .view),
                query: [.include("organizations")], answers: [.ok(Objects.collaboration)], .reading(show)),
            Route(
                "PATCH", "/collaboration/{id}", .user, "Changes a collaboration.",
                permission: .rule(.collaboration, .edit), query: [.include("organizations")],
                body: Schemas.collaborationChange, answers: [.ok(Objects.collaboration)], .writing(change)),
            Route(
                "DELETE", "/collaboration/{id}", .user, "Deletes a collaboration.",
                permission: .rule(.collaboration, .delete), query: [.flag("delete_dependents")], answers: [.message],
                refusals: [400], .writing(delete)),
        ]
    }

    private func list(_ call: Call) throws -> Reply {
        let (access, query) = (call.access, call.query)
        let isGlobal = access.holds(.collaboration, .view, .global)
        var listing = Listing(from: "collaboration", key: "collaboration.id")
        listing.like(query, "name", "collaboration.name")
        if let encrypted = query["encrypted"] {
            // As 4.15.2 on SQLite: the text is compared with 0 and 1, so that "true" matches nothing.
            switch LenientInteger.read(encrypted) {
            case 0: listing.filter("collaboration.encrypted = \(false)")
            case 1: listing.filter("collaboration.encrypted = \(true)")
            default: listing.filter("1 = 0")
            }
        }
        if let (_, id) = query.identifier("organization_id") {
            guard isGlobal || id == call.principal.organizationID else {
                throw Failure.unauthorized(
                    "You lack the permission to request collaborations for this organization!")
            }
            listing.filter(Self.having(id))
        }
        if let (text, id) = query.identifier("algorithm_store_id") {
            guard let row = try call.session.row("SELECT collaboration_id FROM algorithmstore WHERE id = \(id)") else {
                throw Failure.notFound("Algorithm store with id=\(text) not found")
            }
            // A store that was given to one collaboration after the other has a row for each, with the same URL.
            if row.integer(0) != nil {
                listing.filter(
                    """
                    collaboration.id IN (SELECT other.collaboration_id FROM algorithmstore AS asked
                        JOIN algorithmstore AS other ON other.url = asked.url WHERE asked.id = \(id))
                    """)
            }
        }
        if !isGlobal {
            try call.require(access.holds(.collaboration, .view, .organization))
            listing.filter(Self.having(call.principal.organizationID))
        }
        return try call.page(listing, columns: CollaborationRecord.columns, sorting: Self.sorting) { rows in
            try CollaborationRecord.json(
                rows.map(CollaborationRecord.init), organizations: query.words("include").contains("organizations"),
                links, call)
        }
    }

    private static func having(_ organization: Int64?) -> SQL {
        #"collaboration.id IN (SELECT collaboration_id FROM "Member" WHERE organization_id = \#(organization))"#
    }

    private func create(_ call: Call) throws -> Reply {
        let body = try call.body()
        let name = body["name"]?.stringValue ?? ""
        try refuseName(name, except: nil, call)
        try call.require(call.access.holds(.collaboration, .create, .global))
        let id = try call.session.nextID(of: .collaboration)
        let encrypted = body["encrypted"] == true || body["encrypted"]?.doubleValue == 1
        try call.session.run(
            "INSERT INTO collaboration (id, name, encrypted) VALUES (\(id), \(name), \(encrypted))")
        try MembershipTable.collaboration.replace(
            of: id, with: Self.identifiers(body["organization_ids"]), call.session)
        return .json(try json(id, call))
    }

    private func show(_ call: Call) throws -> Reply {
        guard let collaboration = try CollaborationRecord.find(call.id, call.session) else {
            throw Failure.notFound("collaboration having id=\(call.id) not found")
        }
        let isMember = try call.access.ownCollaborations().contains(collaboration.id)
        try call.require(
            call.access.holds(.collaboration, .view, .global)
                || (call.access.holds(.collaboration, .view, .organization) && isMember))
        return .json(try json(collaboration.id, call))
    }

    private func change(_ call: Call) throws -> Reply {
        let collaboration = try found(call.id, call)
        try call.require(try call.access.onCollaboration(.collaboration, .edit, collaboration.id))
        let body = try call.body()
        if let name = body["name"]?.stringValue {
            if name != collaboration.name { try refuseName(name, except: collaboration.id, call) }
            try call.session.run("UPDATE collaboration SET name = \(name) WHERE id = \(collaboration.id)")
        }
        if let ids = body["organization_ids"] {
            guard call.access.holds(.collaboration, .edit, .global) else {
                throw Failure.unauthorized(
                    "You lack the permission to change the organizations of a collaboration!")
            }
            try MembershipTable.collaboration.replace(of: collaboration.id, with: Self.identifiers(ids), call.session)
        }
        if let value = body["encrypted"] {
            let encrypted = LenientBoolean.read(value) ?? false
            try call.session.run(
                "UPDATE collaboration SET encrypted = \(encrypted) WHERE id = \(collaboration.id)")
        }
        return .json(try json(collaboration.id, call))
    }

    private func delete(_ call: Call) throws -> Reply {
        guard let collaboration = try CollaborationRecord.find(call.id, call.session) else {
            throw Failure.notFound("collaboration id=\(call.id) is not found")
        }
        try call.require(try call.access.onCollaboration(.collaboration, .delete, collaboration.id))
        let counts = try ["task", "node", "study"].map { table in
            try call.session.integer(
                "SELECT count(*) FROM \(SQL(trusted: table)) WHERE collaboration_id = \(collaboration.id)") ?? 0
        }
        if counts.contains(where: { $0 > 0 }), !call.query.isSet("delete_dependents") {
            throw Failure.invalid(
                "Collaboration id=\(collaboration.id) has \(counts[0]) tasks, \(counts[1]) nodes and \(counts[2]) "
                    + "studies. Please delete them separately or set delete_dependents=True")
        }
        try Removal(call).collaboration(collaboration.id)
        return .message("Collaboration id=\(collaboration.id) successfully deleted")
    }

    private func found(_ id: Int64, _ call: Call) throws -> CollaborationRecord {
        guard let collaboration = try CollaborationRecord.find(id, call.session) else {
            throw Failure.notFound("collaboration having collaboration_id=\(id) can not be found")
        }
        return collaboration
    }

    private func json(_ id: Int64, _ call: Call) throws -> JSONValue {
        try CollaborationRecord.json(
            [try found(id, call)], organizations: call.query.words("include").contains("organizations"), links,
            call)[0]
    }

    private func refuseName(_ name: String, except id: Int64?, _ call: Call) throws {
        if try call.session.exists("SELECT 1 FROM collaboration WHERE name = \(name) AND id IS DISTINCT FROM \(id)") {
            throw Failure.invalid("Collaboration name '\(name)' already exists!")
        }
    }

    /// The identifiers in a list of a body.
    static func identifiers(_ value: JSONValue?) -> [Int64] {
        (value?.arrayValue ?? []).compactMap(LenientInteger.read)
    }
}
