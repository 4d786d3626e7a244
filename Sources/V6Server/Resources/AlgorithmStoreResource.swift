// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/algorithmstore`: the stores that collaborations take algorithms from.
struct AlgorithmStoreResource {
    let links: Links
    let stores: AlgorithmStores

    private static let sorting = Sorting(
        "AlgorithmStore", table: "algorithmstore", ["id", "name", "url", "collaboration_id"],
        standard: "algorithmstore.id")

    var routes: [Route] {
        [
            Route(
                "GET", "/algorithmstore", .user, "Lists algorithm stores.",
                permission: .rule(.collaboration, .view),
                query: [.pattern("name"), .pattern("url"), .id("collaboration_id")], sorting: Self.sorting,
                answers: [.page(of: Objects.store)], refusals: [404], .reading(list)),
            Route(
                "POST", "/algorithmstore", .user, "Registers this server at a store and the store here.",
                permission: .rule(.collaboration, .edit, note: "For all collaborations only with the global scope."),
                body: Schemas.algorithmStore, answers: [.created(Objects.store)], refusals: [403, 404],
                .stepping(create)),
            Route(
                "GET", "/algorithmstore/{id}", .userOrNode, "Shows an algorithm store.",
                permission: .rule(.collaboration, .view), answers: [.ok(Objects.store)], .reading(show)),
            Route(
                "PATCH", "/algorithmstore/{id}", .user, "Changes an algorithm store.",
                permission: .rule(.collaboration, .edit), body: Schemas.algorithmStore.partial,
                answers: [.ok(Objects.store)], .writing(change)),
            Route(
                "DELETE", "/algorithmstore/{id}", .user, "Ends the registration at a store.",
                permission: .rule(.collaboration, .edit), query: ["server_url"], answers: [.message],
                refusals: [400, 403], .stepping(delete)),
        ]
    }

    private func list(_ call: Call) throws -> Reply {
        let (access, query) = (call.access, call.query)
        var listing = Listing(from: "algorithmstore", key: "algorithmstore.id")
        listing.like(query, "name", "algorithmstore.name")
        listing.like(query, "url", "algorithmstore.url")
        let isGlobal = access.holds(.collaboration, .view, .global)
        let mayView = isGlobal || access.holds(.collaboration, .view, .organization)
        if let (_, id) = query.identifier("collaboration_id") {
            guard try CollaborationRecord.find(id, call.session) != nil else {
                throw Failure.notFound("Collaboration not found")
            }
            try call.require(isGlobal || (mayView && access.ownCollaborations().contains(id)))
            listing.filter("algorithmstore.collaboration_id = \(id) OR algorithmstore.collaboration_id IS NULL")
        }
        try call.require(mayView)
        if !isGlobal {
            listing.filter(
                """
                algorithmstore.collaboration_id IS NULL
                    OR algorithmstore.collaboration_id IN \(list: try access.ownCollaborations().sorted())
                """)
        }
        return try call.page(listing, columns: AlgorithmStoreRecord.columns, sorting: Self.sorting) { rows in
            rows.map { AlgorithmStoreRecord($0).json(links) }
        }
    }

    private func show(_ call: Call) throws -> Reply {
        guard let store = try AlgorithmStoreRecord.find(call.id, call.session) else {
            throw Failure.notFound("Algorithm store id=\(call.id) not found")
        }
        if !call.access.holds(.collaboration, .view, .global) {
            let isOwn = try store.collaborationID.map(call.access.ownCollaborations().contains) ?? true
            try call.require(isOwn && call.access.holds(.collaboration, .view, .organization))
        }
        return .json(store.json(links))
    }

    // MARK: - Create

    private struct Plan: Sendable {
        let name: String
        let url: String
        let collaborationID: Int64?
        let isForced: Bool
        let serverURL: String
    }

    private func create(_ exchange: Exchange) async throws -> Reply {
        let plan = try await exchange.read(plan)
        try await stores.register(
            at: plan.url, serverURL: plan.serverURL, isForced: plan.isForced,
            authorization: exchange.request.authorization ?? "")
        return try await exchange.write { call in
            let plan = try self.plan(call)
            if plan.collaborationID == nil {
                try Removal(call).stores(where: "url = \(plan.url) AND collaboration_id IS NOT NULL")
            }
            let id = try call.session.nextID(of: .algorithmstore)
            try call.session.run(
                """
                INSERT INTO algorithmstore (id, name, url, collaboration_id)
                VALUES (\(id), \(plan.name), \(plan.url), \(plan.collaborationID))
                """)
            guard let store = try AlgorithmStoreRecord.find(id, call.session) else { throw Failure.unexpected }
            return .json(store.json(links), status: 201)
        }
    }

    private func plan(_ call: Call) throws -> Plan {
        let (body, session) = (try call.body(), call.session)
        let collaborationID = body["collaboration_id"].flatMap(LenientInteger.read)
        if let collaborationID {
            guard try CollaborationRecord.find(collaborationID, session) != nil else {
                throw Failure.notFound("Collaboration not found")
            }
            try call.require(try call.access.onCollaboration(.collaboration, .edit, collaborationID))
        } else if !call.access.holds(.collaboration, .edit, .global) {
            throw Failure.unauthorized("You lack the permission to add algorithm stores for all collaborations!")
        }
        var url = body["algorithm_store_url"]?.stringValue ?? ""
        if url.hasSuffix("/") { url.removeLast() }
        let isForced = body["force"].flatMap(LenientBoolean.read) ?? false
        if AlgorithmStores.isLocal(url), !isForced {
            throw Failure.invalid(
                "Algorithm store url is insecure: localhost services may be run on any computer. Add it anyway by "
                    + "setting the 'force' flag to true, but only do so for development servers!")
        }
        let same = try session.rows("SELECT collaboration_id FROM algorithmstore WHERE url = \(url)")
        if same.contains(where: { $0.integer(0) == nil }) {
            throw Failure.invalid("Algorithm store is already available for all collaborations")
        }
        if let collaborationID, same.contains(where: { $0.integer(0) == collaborationID }) {
            throw Failure.invalid("Algorithm store is already available for this collaboration")
        }
        guard let serverURL = body["server_url"]?.stringValue ?? stores.serverURL else {
            throw Failure.invalid(
                "The 'server_url' key is required in the server configuration, or as a parameter. Please add it or "
                    + "ask your server administrator to specify it in the server configuration.")
        }
        return Plan(
            name: body["name"]?.stringValue ?? "", url: url, collaborationID: collaborationID, isForced: isForced,
            serverURL: serverURL)
    }

    // MARK: - Change and delete

    private func change(_ call: Call) throws -> Reply {
        let body = try call.body()
        guard let store = try AlgorithmStoreRecord.find(call.id, call.session) else {
            throw Failure.notFound("Algorithm store with id=\(call.id) can not be found")
        }
        try call.require(try call.access.onCollaboration(.collaboration, .edit, store.collaborationID))
        if let id = body["collaboration_id"].flatMap(LenientInteger.read) {
            try call.require(try call.access.onCollaboration(.collaboration, .edit, id))
            guard try CollaborationRecord.find(id, call.session) != nil else {
                throw Failure.notFound("Collaboration not found")
            }
            try call.session.run("UPDATE algorithmstore SET collaboration_id = \(id) WHERE id = \(store.id)")
        }
        if let name = body["name"]?.stringValue {
            try call.session.run("UPDATE algorithmstore SET name = \(name) WHERE id = \(store.id)")
        }
        guard let changed = try AlgorithmStoreRecord.find(store.id, call.session) else { throw Failure.unexpected }
        return .json(changed.json(links))
    }

    private func delete(_ exchange: Exchange) async throws -> Reply {
        let store = try await exchange.read(deletable)
        guard let serverURL = exchange.request.query["server_url"] ?? stores.serverURL else {
            throw Failure.invalid("The 'server_url' query parameter is required")
        }
        try await stores.unregister(
            from: store.url ?? "", serverURL: serverURL, authorization: exchange.request.authorization ?? "")
        return try await exchange.write { call in
            let store = try deletable(call)
            try Removal(call).stores(where: "url = \(store.url)")
            return .message("Algorithm store id=\(store.id) successfully deleted")
        }
    }

    private func deletable(_ call: Call) throws -> AlgorithmStoreRecord {
        guard let store = try AlgorithmStoreRecord.find(call.id, call.session) else {
            throw Failure.notFound("Algorithm store id=\(call.id) is not found")
        }
        try call.require(try call.access.onCollaboration(.collaboration, .edit, store.collaborationID))
        let isUsedElsewhere = try call.session.exists(
            "SELECT 1 FROM algorithmstore WHERE url = \(store.url) AND id <> \(store.id)")
        if isUsedElsewhere, !call.access.holds(.collaboration, .edit, .global) {
            throw Failure.unauthorized(
                "This algorithm store is used by other collaborations. You lack the permission to delete it!")
        }
        return store
    }
}
