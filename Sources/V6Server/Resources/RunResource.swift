// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/run` and `/result`.
struct RunResource {
    let links: Links

    private static let sorting = Sorting(
        "Run", table: "run",
        [
            "id", "task_id", "organization_id", "assigned_at", "started_at", "finished_at", "status", "cleanup_at",
            "blob_storage_used", "input", "result", "log",
        ], standard: "run.id DESC", standardFirst: true)

    private static let filters: [QueryParameter] = [
        .id("organization_id"), .looseID("task_id"), .looseID("node_id"), .id("collaboration_id"), "state",
        .integer("port"), .moment("assigned_from"), .moment("assigned_till"), .moment("started_from"),
        .moment("started_till"), .moment("finished_from"), .moment("finished_till"),
    ]

    var routes: [Route] {
        [
            Route(
                "GET", "/run", .all, "Lists runs.", permission: .rule(.run, .view),
                query: Self.filters + [.include("task")], sorting: Self.sorting, answers: [.page(of: Objects.run)],
                .reading { call in
                    try list(call) { call, records in
                        try RunEncoder(links: links, session: call.session)
                            .objects(records, includesTask: includesTask(call))
                    }
                }
            ).announcing { request, claims in
                Access.announcement(of: claims)
                    + (request.query.identifier("node_id").map { [NodeRecord.finding($0.id)] } ?? [])
            },
            Route(
                "GET", "/result", .all, "Lists results.", permission: .rule(.run, .view), query: Self.filters,
                sorting: Self.sorting, answers: [.page(of: Objects.result)],
                .reading { call in try list(call) { _, records in records.map { ResultObject(run: $0, links: links) } }
                }),
            Route(
                "GET", "/run/{id}", .all, "Shows a run.", permission: .rule(.run, .view), query: [.include("task")],
                answers: [.ok(Objects.run)],
                .reading { call in
                    let objects = try RunEncoder(links: links, session: call.session)
                        .objects([try visible(call)], includesTask: includesTask(call))
                    return .json(JSONText(objects[0]))
                }
            ).announcing { request, _ in [RunRecord.finding(request.id())] },
            Route(
                "GET", "/result/{id}", .all, "Shows a result.", permission: .rule(.run, .view),
                answers: [.ok(Objects.result)],
                .reading { call in .json(JSONText(ResultObject(run: try visible(call), links: links))) }),
            Route(
                "PATCH", "/run/{id}", .node, "Reports on a run.", body: Schemas.run, answers: [.ok(Objects.run)],
                .writing { call in
                    try RunUpdate(call: call, links: links).apply()
                }
            ).announcing { request, _ in [RunRecord.finding(request.id())] },
        ]
    }

    private func list(
        _ call: Call, _ encode: @escaping @Sendable (Call, [RunRecord]) throws -> [some JSONWritable]
    ) throws -> Reply {
        let access = call.access
        var listing = Listing(
            from: "run JOIN task ON task.id = run.task_id", key: "run.id", tally: "v6_run_count")
        // As 4.15.2: who may see no run at all is told first what the query asks for and they may not see.
        try RunFilters(call: call).apply(to: &listing)
        guard let widest = access.widest(.run, .view) else { throw Failure.lacksPermission }
        if let reach = access.runReach { listing.filter(reach) }
        // As 4.15.2: a run whose organization has no node any more is not listed.
        listing.filter(
            "EXISTS (SELECT 1 FROM node WHERE node.organization_id = run.organization_id)",
            groups: "EXISTS (SELECT 1 FROM node WHERE node.organization_id = tally.organization_id)")
        switch widest {
        case .global: break
        case .collaboration:
            listing.scope("task.collaboration_id", to: try access.ownCollaborations())
        case .organization:
            let own = call.principal.organizationID
            listing.filter("run.organization_id = \(own)", groups: "tally.organization_id = \(own)")
        case .own: listing.filter("task.init_user_id = \(call.principal.userID)")
        }
        return try call.longPage(listing, columns: RunRecord.columns, sorting: Self.sorting) { call, rows in
            try encode(call, rows.map(RunRecord.init))
        }
    }

    /// Which runs are to hold their task: those whose task the caller may see by itself, when the query asks for it.
    private func includesTask(_ call: Call) -> (RunRecord) throws -> Bool {
        let isAsked = call.query.words("include").contains("task")
        return { run in try isAsked && TaskAccess(call: call).covers(.task, .view, run) }
    }

    private func visible(_ call: Call) throws -> RunRecord {
        guard let run = try RunRecord.find(call.id, call.session) else {
            throw Failure.notFound("Run id=\(call.id) not found!")
        }
        try call.require(try TaskAccess(call: call).covers(.run, .view, run))
        return run
    }
}
