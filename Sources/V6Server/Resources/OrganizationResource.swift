// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// `/organization`.
struct OrganizationResource {
    let links: Links

    private static let sorting = Sorting(
        "Organization", table: "organization",
        ["id", "name", "domain", "address1", "address2", "zipcode", "country"], standard: "organization.id")

    var routes: [Route] {
        [
            Route(
                "GET", "/organization", .all, "Lists organizations.", permission: .rule(.organization, .view),
                query: [
                    .pattern("name"), "country", .id("collaboration_id"), .id("study_id"),
                    .looseID("ids", repeats: true),
                ], sorting: Self.sorting, answers: [.page(of: Objects.organization)], refusals: [404], .reading(list)),
            Route(
                "POST", "/organization", .user, "Creates an organization.", permission: .rule(.organization, .create),
                body: Schemas.organization, answers: [.created(Objects.organization)], .writing(create)),
            Route(
                "GET", "/organization/{id}", .all, "Shows an organization.", permission: .rule(.organization, .view),
                answers: [.ok(Objects.organization)], .reading(show)),
            Route(
                "PATCH", "/organization/{id}", .userOrNode, "Changes an organization.",
                permission: .rule(.organization, .edit), body: Schemas.organization.partial,
                answers: [.ok(Objects.organization)], .writing(change)),
            Route(
                "DELETE", "/organization/{id}", .user, "Deletes an organization.",
                permission: .rule(.organization, .delete), query: [.flag("delete_dependents")], answers: [.message],
                refusals: [400], .writing(delete)),
        ]
    }

    private func list(_ call: Call) throws -> Reply {
        let access = call.access
        var listing = Listing(from: "organization", key: "organization.id")
        listing.like(call.query, "name", "organization.name")
        listing.equal(call.query, "country", "organization.country")
        if let id = try call.query.integer("collaboration_id") {
            guard try access.onCollaboration(.organization, .view, id) else {
                throw Failure.unauthorized(
                    "You lack the permission to get all organizations in your collaboration!")
            }
            listing.filter(
                #"organization.id IN (SELECT organization_id FROM "Member" WHERE collaboration_id = \#(id))"#)
        }
        if let id = try call.query.integer("study_id") {
            guard let study = try StudyRecord.find(id, call.session) else {
                throw Failure.notFound("Study with id=\(id) not found")
            }
            guard try access.onCollaboration(.organization, .view, study.collaborationID) else {
                throw Failure.unauthorized("You lack the permission to get all organizations in a study!")
            }
            listing.filter(#"organization.id IN (SELECT organization_id FROM "StudyMember" WHERE study_id = \#(id))"#)
        }
        let ids = call.query.all("ids")
        if !ids.isEmpty { listing.filter("organization.id IN \(list: ids.map { LenientInteger.read($0) ?? -1 })") }
        try call.require(access.any(.organization, .view))
        if !access.holds(.organization, .view, .global) {
            listing.filter(access.organizationCondition("organization.id"))
        }
        return try call.page(listing, columns: OrganizationRecord.columns, sorting: Self.sorting) { rows in
            rows.map { OrganizationRecord($0).json(links) }
        }
    }

    private func create(_ call: Call) throws -> Reply {
        guard call.access.holds(.organization, .create, .global) else {
            throw Failure.unauthorized("You lack the permissions to do that!")
        }
        let body = try call.body()
        let name = body["name"]?.stringValue ?? ""
        try refuseName(name, except: nil, call)
        let key = try Self.key(body["public_key"]) ?? Data()
        func text(_ field: String, _ standard: String?) -> String? { body[field]?.stringValue ?? standard }
        let id = try call.session.nextID(of: .organization)
        try call.session.run(
            """
            INSERT INTO organization (id, name, domain, address1, address2, zipcode, country, _public_key)
            VALUES (\(id), \(name), \(text("domain", "")), \(text("address1", "")), \(text("address2", nil)),
                \(text("zipcode", "")), \(text("country", "")), \(key))
            """)
        return .json(try found(id, call).json(links), status: 201)
    }

    private func show(_ call: Call) throws -> Reply {
        guard let organization = try OrganizationRecord.find(call.id, call.session) else {
            throw Failure.notFound("Organization id=\(call.id) not found!")
        }
        guard try call.access.onOrganization(.organization, .view, organization.id) else {
            throw Failure.unauthorized("You do not have permission to do that!")
        }
        return .json(organization.json(links))
    }

    private func change(_ call: Call) throws -> Reply {
        let body = try call.body()
        let organization = try found(call.id, call)
        try call.require(try call.access.onOrganization(.organization, .edit, organization.id))
        if let name = body["name"]?.stringValue, name != organization.name {
            try refuseName(name, except: organization.id, call)
        }
        if let key = body["public_key"] {
            guard call.principal.organizationID == organization.id else {
                throw Failure.unauthorized("Only members of an organization can update its public key!")
            }
            try call.session.run(
                "UPDATE organization SET _public_key = \(try Self.key(key)) WHERE id = \(organization.id)")
        }
        for column in ["name", "domain", "address1", "address2", "zipcode", "country"] {
            guard let value = body[column]?.stringValue else { continue }
            try call.session.run(
                "UPDATE organization SET \(SQL(trusted: column)) = \(value) WHERE id = \(organization.id)")
        }
        return .json(try found(organization.id, call).json(links))
    }

    private func delete(_ call: Call) throws -> Reply {
        try call.require(call.access.holds(.organization, .delete, .global))
        let organization = try found(call.id, call)
        if organization.id == call.principal.organizationID {
            throw Failure.invalid("You cannot delete your own organization!")
        }
        let removal = Removal(call)
        let counts = try removal.dependents(ofOrganization: organization.id)
        if counts.contains(where: { $0 > 0 }), !call.query.isSet("delete_dependents") {
            throw Failure.invalid(
                "Organization has dependents: \(counts[0]) runs, \(counts[1]) tasks, \(counts[2]) nodes, "
                    + "\(counts[3]) users, and \(counts[4]) roles. Please specify 'delete_dependents=true' to delete "
                    + "them.")
        }
        try removal.organization(organization.id)
        return .message("Organization id=\(organization.id) was removed from the database")
    }

    private func found(_ id: Int64, _ call: Call) throws -> OrganizationRecord {
        guard let organization = try OrganizationRecord.find(id, call.session) else {
            throw Failure.notFound("Organization with id=\(id) not found")
        }
        return organization
    }

    private func refuseName(_ name: String, except id: Int64?, _ call: Call) throws {
        if try call.session.exists("SELECT 1 FROM organization WHERE name = \(name) AND id IS DISTINCT FROM \(id)") {
            throw Failure.invalid("Organization with name '\(name)' already exists!")
        }
    }

    /// The bytes of a key as it travels.
    private static func key(_ value: JSONValue?) throws -> Data? {
        guard let text = value?.stringValue else { return nil }
        guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
            throw Failure.invalid("public_key is not base64 text")
        }
        return data
    }
}
