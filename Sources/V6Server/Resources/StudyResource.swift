// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/study`.
struct StudyResource {
    let links: Links

    private static let sorting = Sorting(
        "Study", table: "study", ["id", "name", "collaboration_id"], standard: "study.id")

    var routes: [Route] {
        [
            Route(
                "GET", "/study", .userOrNode, "Lists studies.", permission: .rule(.study, .view),
                query: [
                    .pattern("name"), .looseID("organization_id"), .looseID("collaboration_id"),
                    .include("organizations"),
                ], sorting: Self.sorting, answers: [.page(of: Objects.study)], .reading(list)),
            Route(
                "POST", "/study", .user, "Creates a study.", permission: .rule(.study, .create), body: Schemas.study,
                answers: [.created(Objects.study)], refusals: [404], .writing(create)),
            Route(
                "GET", "/study/{id}", .all, "Shows a study.", permission: .rule(.study, .view),
                query: [.include("organizations")], answers: [.ok(Objects.study)], .reading(show)),
            Route(
                "PATCH", "/study/{id}", .user, "Changes a study.", permission: .rule(.study, .edit),
                body: Schemas.study.partial, answers: [.ok(Objects.study)], .writing(change)),
            Route(
                "DELETE", "/study/{id}", .user, "Deletes a study.", permission: .rule(.study, .delete),
                query: [.flag("delete_dependents")], answers: [.message], refusals: [400], .writing(delete)),
            Route(
                "POST", "/study/{id}/organization", .user, "Adds an organization.",
                permission: .rule(.study, .edit, [.collaboration, .global]),
                body: Schemas.onlyID, answers: [.ok(.list(Objects.organization))], .writing(addOrganization)),
            Route(
                "DELETE", "/study/{id}/organization", .user, "Takes an organization out.",
                permission: .rule(.study, .edit, [.collaboration, .global]), body: Schemas.onlyID,
                answers: [.ok(.list(Objects.organization))], .writing(removeOrganization)),
        ]
    }

    private func list(_ call: Call) throws -> Reply {
        let (access, query) = (call.access, call.query)
        let widest = access.widest(.study, .view)
        var listing = Listing(from: "study", key: "study.id")
        listing.like(query, "name", "study.name")
        if let (_, id) = query.identifier("organization_id") {
            let isOwn = widest != nil && id == call.principal.organizationID
            guard access.reaches(.study, .view, .collaboration) || isOwn else {
                throw Failure.unauthorized("You lack the permission to request studies for this organization!")
            }
            listing.filter(Self.having(id))
        }
        if let (_, id) = query.identifier("collaboration_id") {
            guard try widest == .global || (widest != nil && access.ownCollaborations().contains(id)) else {
                throw Failure.unauthorized("You lack the permission to request studies for this collaboration!")
            }
            listing.filter("study.collaboration_id = \(id)")
        }
        switch widest {
        case .global: break
        case .collaboration:
            listing.filter("study.collaboration_id IN \(list: try access.ownCollaborations().sorted())")
        case .organization: listing.filter(Self.having(call.principal.organizationID))
        case .own, nil: throw Failure.lacksPermission
        }
        return try call.page(listing, columns: StudyRecord.columns, sorting: Self.sorting) { rows in
            try StudyRecord.json(
                rows.map(StudyRecord.init), organizations: query.words("include").contains("organizations"), links, call
            )
        }
    }

    private static func having(_ organization: Int64?) -> SQL {
        #"study.id IN (SELECT study_id FROM "StudyMember" WHERE organization_id = \#(organization))"#
    }

    private func create(_ call: Call) throws -> Reply {
        let body = try call.body()
        let name = body["name"]?.stringValue ?? ""
        if try call.session.exists("SELECT 1 FROM study WHERE name = \(name)") {
            throw Failure.invalid("Study with name '\(name)' already exists!")
        }
        let collaboration = LenientInteger.read(body["collaboration_id"] ?? .null) ?? 0
        try call.require(try call.access.onCollaboration(.study, .create, collaboration))
        guard try CollaborationRecord.find(collaboration, call.session) != nil else {
            throw Failure.notFound("Collaboration id=\(collaboration) not found")
        }
        let organizations = CollaborationResource.identifiers(body["organization_ids"])
        try requireMembers(organizations, of: collaboration, call)
        let id = try call.session.nextID(of: .study)
        try call.session.run(
            "INSERT INTO study (id, name, collaboration_id) VALUES (\(id), \(name), \(collaboration))")
        try MembershipTable.study.replace(of: id, with: organizations, call.session)
        return .json(try json(id, expanded: true, call), status: 201)
    }

    private func show(_ call: Call) throws -> Reply {
        let study = try found(call, "Study with id=\(call.id) not found")
        try require(.view, study, call)
        return .json(try json(study.id, expanded: call.query.words("include").contains("organizations"), call))
    }

    private func change(_ call: Call) throws -> Reply {
        let body = try call.body()
        let study = try found(call, "Study with id=\(call.id) can not be found")
        try require(.edit, study, call)
        if let name = body["name"]?.stringValue {
            if try call.session.exists("SELECT 1 FROM study WHERE name = \(name) AND id <> \(study.id)") {
                throw Failure.invalid("Study name '\(name)' already exists!")
            }
            try call.session.run("UPDATE study SET name = \(name) WHERE id = \(study.id)")
        }
        if let ids = body["organization_ids"] {
            let organizations = CollaborationResource.identifiers(ids)
            try requireMembers(organizations, of: study.collaborationID ?? 0, call)
            try MembershipTable.study.replace(of: study.id, with: organizations, call.session)
        }
        return .json(try json(study.id, expanded: true, call))
    }

    private func delete(_ call: Call) throws -> Reply {
        let study = try found(call, "Study with id=\(call.id) not found")
        try require(.delete, study, call)
        let tasks = try call.session.integer("SELECT count(*) FROM task WHERE study_id = \(study.id)") ?? 0
        if tasks > 0, !call.query.isSet("delete_dependents") {
            throw Failure.invalid(
                "Study id=\(study.id) has \(tasks) tasks. Please delete them separately or set delete_dependents=True")
        }
        try Removal(call).study(study.id)
        return .message("Study id=\(study.id) successfully deleted")
    }

    private func addOrganization(_ call: Call) throws -> Reply {
        let id = LenientInteger.read(try call.body()["id"] ?? .null) ?? 0
        let study = try found(call, "Study with id=\(call.id) can not be found")
        try call.require(try call.access.onCollaboration(.study, .edit, study.collaborationID))
        guard try OrganizationRecord.find(id, call.session) != nil else {
            // The number 4.15.2 names here is that of the study.
            throw Failure.notFound("organization with id=\(study.id) is not found")
        }
        let members = try MembershipTable.collaboration.members(of: study.collaborationID ?? 0, call.session)
        guard members.contains(id) else {
            throw Failure.invalid("Organization is not a member of the collaboration!")
        }
        try MembershipTable.study.add(id, to: study.id, call.session)
        return try organizations(of: study.id, call)
    }

    private func removeOrganization(_ call: Call) throws -> Reply {
        let id = LenientInteger.read(try call.body()["id"] ?? .null) ?? 0
        let study = try found(call, "Study with id=\(call.id) can not be found")
        try call.require(try call.access.onCollaboration(.study, .edit, study.collaborationID))
        guard try OrganizationRecord.find(id, call.session) != nil else {
            throw Failure.notFound("Organization with id=\(id) is not found")
        }
        guard try MembershipTable.study.members(of: study.id, call.session).contains(id) else {
            throw Failure.notFound("Organization with id=\(id) is not part of study id=\(study.id)")
        }
        try MembershipTable.study.remove(id, from: study.id, call.session)
        return try organizations(of: study.id, call)
    }

    private func found(_ call: Call, _ refusal: String) throws -> StudyRecord {
        guard let study = try StudyRecord.find(call.id, call.session) else { throw Failure.notFound(refusal) }
        return study
    }

    private func require(_ operation: Operation, _ study: StudyRecord, _ call: Call) throws {
        if try call.access.onCollaboration(.study, operation, study.collaborationID) { return }
        let members = try MembershipTable.study.members(of: study.id, call.session)
        try call.require(
            call.access.holds(.study, operation, .organization)
                && call.principal.organizationID.map(members.contains) == true)
    }

    private func requireMembers(_ organizations: [Int64], of collaboration: Int64, _ call: Call) throws {
        let members = try MembershipTable.collaboration.members(of: collaboration, call.session)
        guard Set(organizations).isSubset(of: members) else {
            throw Failure.invalid("Not all organizations are part of the collaboration!")
        }
    }

    private func json(_ id: Int64, expanded: Bool, _ call: Call) throws -> JSONValue {
        guard let study = try StudyRecord.find(id, call.session) else { throw Failure.unexpected }
        return try StudyRecord.json([study], organizations: expanded, links, call)[0]
    }

    private func organizations(of id: Int64, _ call: Call) throws -> Reply {
        .json(.array(try MembershipTable.study.organizations(of: [id], links, call)[id] ?? []))
    }
}
