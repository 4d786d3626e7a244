// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/port` and `/vpn`: the ports algorithms offer to each other.
///
/// There is no VPN here, but nodes may publish addresses.
struct PortResource {
    /// Whether the configuration names a VPN server.
    let expectsVPN: Bool

    private var noVPN: Failure {
        expectsVPN
            ? .other(503, "The VPN server is not available: this server does not support VPN")
            : .notSupported("This server does not support VPN")
    }

    var routes: [Route] {
        [
            Route(
                "POST", "/port", .node, "Publishes a port of a run.", body: Schemas.port,
                answers: [.created(Objects.port)], refusals: [404], .writing(publish)),
            Route(
                "DELETE", "/port", .node, "Withdraws the ports of a run.", query: [.id("run_id")], answers: [.message],
                refusals: [400, 404], .writing(withdraw)),
            Route(
                "GET", "/vpn", .node, "The node's VPN configuration; this server has none.", answers: [],
                refusals: [501, 503], .reading { _ in throw noVPN }),
            Route(
                "POST", "/vpn/update", .access([.node]), "A new VPN configuration; this server has none.", answers: [],
                refusals: [501, 503], .reading { _ in throw noVPN }),
            Route(
                "GET", "/vpn/algorithm/addresses", .container, "Where the algorithms of the same task can be reached.",
                query: [
                    "label", .flag("include_children"), .flag("include_parent"), .flag("only_children"),
                    .flag("only_parent"), .flag("only_siblings"), .flag("only_self"),
                ], answers: [.ok(.object(["addresses": .list(Objects.address)]))], refusals: [400], .reading(addresses)),
        ]
    }

    private func publish(_ call: Call) throws -> Reply {
        let body = try call.body()
        let run = try ownRun(LenientInteger.read(body["run_id"] ?? .null) ?? 0, call)
        let id = try call.session.nextID(of: .algorithmport)
        let port = LenientInteger.read(body["port"] ?? .null)
        let label = body["label"]?.stringValue
        try call.session.run(
            "INSERT INTO algorithmport (id, port, run_id, label) VALUES (\(id), \(port), \(run.id), \(label))")
        return .json(
            ["id": .integer(id), "port": .optional(port), "label": .optional(label)], status: 201)
    }

    private func withdraw(_ call: Call) throws -> Reply {
        guard let id = try call.query.integer("run_id") else {
            throw Failure.invalid("The run_id argument is required!")
        }
        let run = try ownRun(id, call)
        try call.session.run("DELETE FROM algorithmport WHERE run_id = \(run.id)")
        return .message("Ports removed from the database.")
    }

    private func ownRun(_ id: Int64, _ call: Call) throws -> RunRecord {
        guard let run = try RunRecord.find(id, call.session) else { throw Failure.notFound("Run id=\(id) not found!") }
        guard case .node(_, let collaboration?) = call.principal.identity,
            run.organizationID == call.principal.organizationID, run.collaborationID == collaboration
        else { throw Failure.unauthorized("You lack the permissions to do that!") }
        return run
    }

    private func addresses(_ call: Call) throws -> Reply {
        guard let container = call.principal.container else { throw Failure.lacksPermission }
        let query = call.query
        let only = ["only_children", "only_parent", "only_siblings", "only_self"].filter(query.isSet)
        guard only.count <= 1 else {
            throw Failure.invalid("You can only specify one of the only_<...> parameters!")
        }
        let own: SQL = "run.task_id = \(container.taskID)"
        let children: SQL = "task.parent_id = \(container.taskID)"
        let parent: SQL = "run.task_id = (SELECT parent_id FROM task WHERE id = \(container.taskID))"
        var conditions = [own]
        // As in 4.15.2: with an `include_…` an `only_…` is not looked at, and a task without parent stands for its own.
        if query.isSet("include_children") || query.isSet("include_parent") {
            if query.isSet("include_children") { conditions.append(children) }
            if query.isSet("include_parent") { conditions.append(parent) }
        } else if let choice = only.first {
            conditions = [try condition(choice, own: own, children: children, parent: parent, container, call)]
        }
        var listing = SQL.joined(conditions, separator: " OR ")
        if let label = query["label"] { listing = "(\(listing)) AND algorithmport.label = \(label)" }
        return .json(["addresses": .array(try rows(listing, call))])
    }

    private func condition(
        _ choice: String, own: SQL, children: SQL, parent: SQL, _ container: ContainerIdentity, _ call: Call
    ) throws -> SQL {
        switch choice {
        case "only_children": return children
        case "only_siblings": return "\(own) AND run.organization_id <> \(container.organizationID)"
        case "only_self": return "\(own) AND run.organization_id = \(container.organizationID)"
        default:
            let task = try TaskRecord.find(container.taskID, call.session)
            return task?.parentID == nil ? own : parent
        }
    }

    private func rows(_ condition: SQL, _ call: Call) throws -> [JSONValue] {
        try call.session.rows(
            """
            SELECT algorithmport.port, algorithmport.label, authenticatable.ip, run.organization_id, run.task_id,
                task.parent_id FROM algorithmport JOIN run ON run.id = algorithmport.run_id
                JOIN task ON task.id = run.task_id
                LEFT JOIN node ON node.organization_id = run.organization_id
                    AND node.collaboration_id = task.collaboration_id
                LEFT JOIN authenticatable ON authenticatable.id = node.id
                WHERE \(condition) ORDER BY task.id, algorithmport.id
            """
        ).map { row in
            [
                "port": .optional(row.integer(0)), "label": .optional(row.text(1)), "ip": .optional(row.text(2)),
                "organization_id": .optional(row.integer(3)), "task_id": .optional(row.integer(4)),
                "parent_id": .optional(row.integer(5)),
            ]
        }
    }
}
