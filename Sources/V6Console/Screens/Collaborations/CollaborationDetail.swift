// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What is known of a row of the tree of collaborations.
struct CollaborationDetail {
    let row: CollaborationScreen.Row
    var isFocused = false

    func draw(on canvas: inout Canvas, in world: World) {
        let federation = world.federation
        switch row {
        case .collaboration(let id), .group(_, let id), .tasks(let id):
            let members = federation.surroundings.members[id] ?? []
            drawPlace(
                federation.collaborationName(id), id: id, facts: [], members: members, collaboration: id,
                tasks: federation.tasks(in: id), on: &canvas, in: world)
        case .study(let id, let collaboration):
            let tasks = federation.tasks(in: collaboration).filter { $0.study?.id == id }
            let facts = [("collaboration", Span(federation.collaborationName(collaboration)))]
            drawPlace(
                "study \(federation.studies[id]?.name ?? "")", id: id, facts: facts,
                members: federation.studyMembers[id] ?? [], collaboration: collaboration, tasks: tasks, on: &canvas,
                in: world)
        case .member(let organization, let collaboration):
            drawMember(organization, in: collaboration, on: &canvas, world)
        case .store(let id, let collaboration): drawStore(id, in: collaboration, on: &canvas, world)
        }
    }

    private func drawPlace(
        _ title: String, id: Int, facts: [(String, Span)], members: [Int], collaboration: Int, tasks: [AlgorithmTask],
        on canvas: inout Canvas, in world: World
    ) {
        let federation = world.federation
        let nodes = members.compactMap { federation.node(organization: $0, collaboration: collaboration) }
        var lines = facts
        lines += [
            ("encryption", Self.encryption(of: collaboration, in: world)),
            ("organizations", Span(members.map { federation.organizationName($0) }.joined(separator: ", "))),
            ("nodes", world.presence(of: nodes)),
            ("tasks", Span(Self.count(tasks))),
        ]
        if let last = tasks.first {
            lines.append(("last task", Span("\(last.id) \(last.name ?? "") · \(world.age(last.createdAt))")))
            let ended = tasks.filter(\.status.isFinished).prefix(20)
            let signs = ended.reversed().map { world.glyphs[$0.status.glyph] }.joined()
            if !ended.isEmpty { lines.append(("last ended", Span("\(signs)  \(Self.success(Array(ended)))"))) }
        }
        for (name, key) in [
            ("databases", "database_labels"), ("images allowed", "allowed_algorithms"),
            ("users allowed", "allowed_users"), ("orgs allowed", "allowed_orgs"),
        ] {
            let all = Self.union(key, of: nodes)
            if !all.isEmpty { lines.append((name, Span(all))) }
        }
        canvas.box(title, note: "id \(id)", focused: isFocused) { canvas in
            let used = canvas.facts(lines) + 1
            let rest = canvas.bounds.split(top: used).rest
            guard rest.rows >= 8, rest.columns >= 60 else { return }
            let halves = rest.split(top: min(members.count + 3, rest.rows / 2))
            canvas.region(halves.top) { drawNodes(members, collaboration, on: &$0, in: world) }
            canvas.region(halves.rest) { drawTasks(tasks, on: &$0, in: world) }
        }
    }

    private func drawNodes(_ members: [Int], _ collaboration: Int, on canvas: inout Canvas, in world: World) {
        let federation = world.federation
        canvas.box("Nodes") { canvas in
            let columns = [
                Column("ORGANIZATION", 12, upTo: 26), Column("NODE", 10, upTo: 24, priority: 1), Column("STATUS", 12),
                Column("DATABASES", 10, upTo: 30, priority: 2), Column("IMAGES ALLOWED", 14, upTo: 50, priority: 3),
            ]
            canvas.table(
                TableContent(
                    columns: columns, count: members.count, cursor: ListCursor(), isFocused: false,
                    cells: { index in
                        let node = federation.node(organization: members[index], collaboration: collaboration)
                        return [
                            Span(federation.organizationName(members[index])), Span(node?.name ?? "none", .dim),
                            node.map(world.span(of:)) ?? Span("–", .dim),
                            Span(node?.databaseText ?? "", .dim),
                            Span(node?.facts("allowed_algorithms").joined(separator: "  ") ?? "", .dim),
                        ]
                    }))
            canvas.text(" ", row: 1)
        }
    }

    private func drawTasks(_ tasks: [AlgorithmTask], on canvas: inout Canvas, in world: World) {
        canvas.box("Recent tasks") { canvas in
            if tasks.isEmpty {
                canvas.text("None yet. n composes one here.", row: 0, column: 1, role: .dim)
                return
            }
            let columns = [
                Column("ID", 5, upTo: 7), Column("NAME", 14, upTo: 40), Column("STATUS", 13, upTo: 22),
                Column("RUNS", 5, upTo: 16, priority: 1), Column("AGE", 7, priority: 2, align: .trailing),
            ]
            canvas.table(
                TableContent(
                    columns: columns, count: min(tasks.count, canvas.size.rows - 1), cursor: ListCursor(),
                    isFocused: false, cells: { TaskColumns.brief(tasks[$0], in: world) }))
            canvas.text(" ", row: 1)
        }
    }

    private func drawMember(_ organization: Int, in collaboration: Int, on canvas: inout Canvas, _ world: World) {
        let federation = world.federation
        let node = federation.node(organization: organization, collaboration: collaboration)
        let known = federation.organizations[organization]
        canvas.box(federation.organizationName(organization), note: "id \(organization)", focused: isFocused) {
            canvas in
            canvas.facts([
                ("node", Span(node?.name ?? "none in this collaboration")),
                ("status", node.map(world.span(of:)) ?? Span("–")),
                ("last seen", Span(world.age(node?.lastSeen))),
                ("databases", Span(node?.databaseText ?? "–")),
                ("images allowed", Span(node?.facts("allowed_algorithms").joined(separator: "  ") ?? "–")),
                ("country", Span(known?.country ?? "–")), ("domain", Span(known?.domain ?? "–")),
                ("public key", Span(DirectoryKind.fingerprint(known?.publicKey))),
            ])
        }
    }

    private func drawStore(_ id: Int, in collaboration: Int, on canvas: inout Canvas, _ world: World) {
        let store = world.federation.stores[collaboration]?.first { $0.id == id }
        canvas.box("store \(store?.name ?? "")", note: "id \(id)", focused: isFocused) { canvas in
            let used = canvas.facts([("address", Span(store?.url ?? ""))]) + 1
            canvas.region(canvas.bounds.split(top: used).rest) { canvas in
                let algorithms = world.federation.algorithms[id] ?? []
                let empty = "The store offers no algorithm yet."
                if canvas.placeholder(
                    for: .algorithms(store: id), isEmpty: algorithms.isEmpty, empty: empty, in: world)
                {
                    return
                }
                for (row, one) in algorithms.prefix(canvas.size.rows).enumerated() {
                    canvas.line(
                        [Span(one.name + "  "), Span("\(one.image) · \(one.functions.count) functions", .dim)],
                        row: row,
                        column: 1)
                }
            }
        }
    }

    /// What the nodes share under a key; where some differ, with how many of those that are online say so.
    private static func union(_ key: String, of nodes: [Node]) -> String {
        let online = nodes.count(where: \.isOnline)
        let counts = Dictionary(nodes.flatMap { Set($0.facts(key)) }.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { value, count in
            count < online ? "\(value) (\(count) of \(online))" : value
        }.joined(separator: "  ")
    }

    private static func encryption(of collaboration: Int, in world: World) -> Span {
        guard world.federation.collaborations[collaboration]?.encrypted == true else { return Span("off") }
        return world.identity?.hasPrivateKey == true
            ? Span("on · your key is loaded here") : Span("on · no private key is loaded here", .warning)
    }

    private static func count(_ tasks: [AlgorithmTask]) -> String {
        let active = tasks.count { !$0.status.isFinished }
        return "\(tasks.count) known  (\(active) active, \(tasks.count(where: \.status.isFailed)) failed)"
    }

    private static func success(_ tasks: [AlgorithmTask]) -> String {
        tasks.isEmpty ? "" : "\(tasks.count { $0.status == .completed } * 100 / tasks.count) % completed"
    }
}

extension Node {
    /// The databases it offers, each with its type.
    var databaseText: String {
        facts("database_labels").map { label in
            facts("db_type_\(label)").first.map { "\(label) (\($0))" } ?? label
        }.joined(separator: ", ")
    }
}
