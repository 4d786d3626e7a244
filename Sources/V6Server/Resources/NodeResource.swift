// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// `/node` and `/recover/node`.
struct NodeResource {
    let links: Links
    let hashing: HashingPool

    static let sorting = Sorting(
        "Node",
        columns: [
            "id": "node.id", "name": "node.name", "organization_id": "node.organization_id",
            "collaboration_id": "node.collaboration_id", "ip": "authenticatable.ip",
            "last_seen": "authenticatable.last_seen", "status": "authenticatable.status",
            "type": "authenticatable.type",
        ], standard: "node.id")

    /// What narrows a list of nodes.
    static let query: [QueryParameter] = [
        .id("organization_id"), .id("collaboration_id"), .id("study_id"), "status", "ip", .pattern("name"),
        .moment("last_seen_from"), .moment("last_seen_till"),
    ]

    var routes: [Route] {
        [
            Route(
                "GET", "/node", .userOrNode, "Lists nodes.", permission: .rule(.node, .view),
                query: Self.query, sorting: Self.sorting, answers: [.page(of: Objects.node)], refusals: [404],
                .reading(list)),
            Route(
                "POST", "/node", .user, "Creates a node and shows its API key once.", permission: .rule(.node, .create),
                body: Schemas.node, answers: [.created(Objects.nodeWithKey)], refusals: [404], .stepping(create)),
            Route(
                "GET", "/node/{id}", .userOrNode, "Shows a node.", permission: .rule(.node, .view),
                answers: [.ok(Objects.node)], .reading(show)),
            Route(
                "PATCH", "/node/{id}", .userOrNode, "Changes a node.", permission: .rule(.node, .edit),
                body: Schemas.node.partial, answers: [.ok(Objects.node)], .writing(change)),
            Route(
                "DELETE", "/node/{id}", .user, "Deletes a node.", permission: .rule(.node, .delete),
                answers: [.message], .writing(delete)),
            Route(
                "POST", "/recover/node", .user, "Gives a node a new API key.", permission: .rule(.node, .edit),
                body: Schemas.onlyID, answers: [.ok(.object(["api_key": .text]))], refusals: [404], .stepping(renewKey)),
        ]
    }

    private func list(_ call: Call) throws -> Reply {
        try call.page(listing(call), columns: NodeRecord.columns, sorting: Self.sorting) { rows in
            try NodeRecord.objects(rows.map(NodeRecord.init), links, call.session)
        }
    }

    /// The nodes that the caller may view, as far as the query asks for them.
    func listing(_ call: Call) throws -> Listing {
        let (access, query) = (call.access, call.query)
        var listing = Listing(from: NodeRecord.source, key: "node.id")
        if let id = try query.integer("organization_id") {
            guard try access.onOrganization(.node, .view, id) else {
                throw Failure.unauthorized("You lack the permission view nodes from the organization with id \(id)!")
            }
            listing.filter("node.organization_id = \(id)")
        }
        if let id = try query.integer("collaboration_id") {
            guard try access.onCollaboration(.node, .view, id) else {
                throw Failure.unauthorized("You lack the permission view nodes from the collaboration with id \(id)!")
            }
            listing.filter("node.collaboration_id = \(id)")
        }
        if let id = try query.integer("study_id") {
            guard let study = try StudyRecord.find(id, call.session) else {
                throw Failure.notFound("Study with id=\(id) not found")
            }
            guard try access.onCollaboration(.node, .view, study.collaborationID) else {
                let collaboration = study.collaborationID.map(String.init) ?? "None"
                throw Failure.unauthorized(
                    "You lack the permission view nodes from collaboration \(collaboration) contains the study with "
                        + "id \(id)!")
            }
            listing.filter("node.collaboration_id = \(study.collaborationID)")
            listing.filter(
                #"node.organization_id IN (SELECT organization_id FROM "StudyMember" WHERE study_id = \#(id))"#)
        }
        listing.equal(query, "status", "authenticatable.status")
        listing.equal(query, "ip", "authenticatable.ip")
        listing.like(query, "name", "node.name")
        listing.moment(query, "last_seen", "authenticatable.last_seen")
        switch access.widest(.node, .view) {
        case .global: break
        case .collaboration:
            listing.filter("node.collaboration_id IN \(list: try access.ownCollaborations().sorted())")
        case .organization: listing.filter("node.organization_id = \(call.principal.organizationID)")
        case .own, nil: throw Failure.lacksPermission
        }
        return listing
    }

    private struct Plan: Sendable {
        let name: String
        let organization: Int64
        let collaboration: Int64
    }

    private func create(_ exchange: Exchange) async throws -> Reply {
        _ = try await exchange.read(plan)
        let key = UUID().uuidString.lowercased()
        let hash = try await hashing.hash(key, for: exchange.owner)
        return try await exchange.write { call in
            let plan = try plan(call)
            let id = try call.session.nextID(of: .authenticatable)
            try call.session.run(
                "INSERT INTO authenticatable (id, type, status) VALUES (\(id), 'node', 'offline')")
            try call.session.run(
                """
                INSERT INTO node (id, name, api_key, collaboration_id, organization_id)
                VALUES (\(id), \(plan.name), \(hash), \(plan.collaboration), \(plan.organization))
                """)
            try NodeKeys(session: call.session).remember(key, of: id, hash: hash)
            guard let node = try NodeRecord.find(id, call.session) else { throw Failure.unexpected }
            var object = try NodeRecord.objects([node], links, call.session)[0]
            object.apiKey = key
            return .json(JSONText(object), status: 201)
        }
    }

    private func plan(_ call: Call) throws -> Plan {
        let (body, session) = (try call.body(), call.session)
        let collaborationID = LenientInteger.read(body["collaboration_id"] ?? .null) ?? 0
        guard let collaboration = try CollaborationRecord.find(collaborationID, session) else {
            throw Failure.notFound("collaboration id=\(collaborationID) does not exist")
        }
        let organizationID =
            body["organization_id"].flatMap(LenientInteger.read) ?? call.principal.organizationID ?? 0
        guard let organization = try OrganizationRecord.find(organizationID, session) else {
            throw Failure.notFound("organization id=\(organizationID) does not exist")
        }
        try call.require(try call.access.onOrganization(.node, .create, organizationID))
        guard try MembershipTable.collaboration.members(of: collaborationID, session).contains(organizationID) else {
            throw Failure.invalid(
                "The organization id=\(organizationID) is not part of collabotation id=\(collaborationID). "
                    + "Add it first!")
        }
        let isTaken = try session.exists(
            """
            SELECT 1 FROM node WHERE organization_id = \(organizationID) AND collaboration_id = \(collaborationID)
            """)
        if isTaken {
            throw Failure.invalid(
                "Organization id=\(organizationID) already has a node for collaboration id=\(collaborationID)")
        }
        let name = body["name"]?.stringValue ?? "\(organization.name ?? "") - \(collaboration.name ?? "") Node"
        if try session.exists("SELECT 1 FROM node WHERE name = \(name)") {
            throw Failure.invalid("Node with name '\(name)' already exists!")
        }
        return Plan(name: name, organization: organizationID, collaboration: collaborationID)
    }

    /// The node of the path, which the caller may view.
    func viewed(_ call: Call) throws -> NodeRecord {
        let node = try found(call.id, "Node id=\(call.id) is not found!", call)
        try call.require(try call.access.onOrganization(.node, .view, node.organizationID))
        return node
    }

    private func show(_ call: Call) throws -> Reply {
        let node = try viewed(call)
        return .json(JSONText(try NodeRecord.objects([node], links, call.session)[0]))
    }

    private func change(_ call: Call) throws -> Reply {
        let body = try call.body()
        if body["organization_id"] != nil { throw Failure.invalid("Organization id cannot be updated!") }
        if body["collaboration_id"] != nil { throw Failure.invalid("Collaboration id cannot be updated!") }
        let node = try found(call.id, "Node id=\(call.id) not found!", call)
        try call.require(try call.access.onOrganization(.node, .edit, node.organizationID))
        if let name = body["name"]?.stringValue {
            if try call.session.exists("SELECT 1 FROM node WHERE name = \(name) AND id <> \(node.id)") {
                throw Failure.invalid("Node name '\(name)' already exists!")
            }
            try call.session.run("UPDATE node SET name = \(name) WHERE id = \(node.id)")
        }
        if let ip = body["ip"]?.stringValue {
            try call.session.run("UPDATE authenticatable SET ip = \(ip) WHERE id = \(node.id)")
        } else if body["clear_ip"].flatMap(LenientBoolean.read) == true {
            try call.session.run("UPDATE authenticatable SET ip = NULL WHERE id = \(node.id)")
        }
        let changed = try found(node.id, "Node id=\(node.id) not found!", call)
        return .json(JSONText(try NodeRecord.objects([changed], links, call.session)[0]))
    }

    private func delete(_ call: Call) throws -> Reply {
        let node = try found(call.id, "Node id=\(call.id) not found", call)
        try call.require(try call.access.onOrganization(.node, .delete, node.organizationID))
        try Removal(call).node(node.id)
        return .message("Successfully deleted node id=\(node.id)")
    }

    private func renewKey(_ exchange: Exchange) async throws -> Reply {
        _ = try await exchange.read(nodeToRenew)
        let key = UUID().uuidString.lowercased()
        let hash = try await hashing.hash(key, for: exchange.owner)
        return try await exchange.write { call in
            let id = try nodeToRenew(call)
            try call.session.run("UPDATE node SET api_key = \(hash) WHERE id = \(id)")
            try NodeKeys(session: call.session).remember(key, of: id, hash: hash)
            try AccountState(session: call.session).endTokens(of: id)
            return .json(["api_key": .string(key)])
        }
    }

    private func nodeToRenew(_ call: Call) throws -> Int64 {
        let id = LenientInteger.read(try call.body()["id"] ?? .null) ?? 0
        let node = try found(id, "Node id=\(id) is not found!", call)
        try call.require(try call.access.onOrganization(.node, .edit, node.organizationID))
        return node.id
    }

    private func found(_ id: Int64, _ refusal: String, _ call: Call) throws -> NodeRecord {
        guard let node = try NodeRecord.find(id, call.session) else { throw Failure.notFound(refusal) }
        return node
    }
}
