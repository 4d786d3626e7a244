// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Collaborations as a tree: members with the live state of their nodes, studies, and tasks.
struct CollaborationScreen: Screen {
    enum Row: Hashable, Sendable {
        case collaboration(Int)
        case member(organization: Int, collaboration: Int)
        case study(Int)
    }

    private var cursor = ListCursor()
    private var folded: Set<Int> = []
    private var rows: [Row] = []

    var place: Place { .collaborations }
    var contexts: [KeyContext] { [.tree, .list, .everywhere] }
    func title(in world: World) -> String { "Collaborations \(world.federation.collaborations.count)" }
    func needs(in world: World) -> [Subject] { [.nodes, .tasks] }

    mutating func prepare(in world: World) {
        let federation = world.federation
        rows = []
        for collaboration in federation.collaborations.values.sorted(by: { ($0.name, $0.id) < ($1.name, $1.id) }) {
            rows.append(.collaboration(collaboration.id))
            if folded.contains(collaboration.id) { continue }
            for member in federation.surroundings.members[collaboration.id] ?? [] {
                rows.append(.member(organization: member, collaboration: collaboration.id))
            }
            for study in federation.studies.values.sorted(by: { $0.id < $1.id })
            where study.collaboration?.id == collaboration.id {
                rows.append(.study(study.id))
            }
        }
        cursor.move(by: 0, count: rows.count, height: panes(world.body.size).tree.rows - 2)
    }

    private var current: Row? { rows.indices.contains(cursor.index) ? rows[cursor.index] : nil }

    private func collaboration(of row: Row?, in world: World) -> Int? {
        switch row {
        case .collaboration(let id): id
        case .member(_, let id): id
        case .study(let id): world.federation.studies[id]?.collaboration?.id
        case nil: nil
        }
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if cursor.handle(action, count: rows.count, height: panes(world.body.size).tree.rows - 2) { return [] }
        switch action {
        case .add: return [.open(.record(.collaboration, nil))]
        case .addStudy: return [.open(.record(.study, nil))]
        default: break
        }
        guard let id = collaboration(of: current, in: world) else { return [] }
        switch action {
        case .edit: return subject(in: world).map { [.open(.record($0.kind, $0.id))] } ?? []
        case .delete:
            return subject(in: world).map { [.ask(.deletion(of: $0.kind, $0.id, named: $0.name))] } ?? []
        case .expand: folded.remove(id)
        case .collapse:
            folded.insert(id)
            prepare(in: world)
            if let index = rows.firstIndex(of: .collaboration(id)) {
                cursor.jump(to: index, count: rows.count, height: panes(world.body.size).tree.rows - 2)
            }
        case .open:
            switch current {
            case .collaboration: if folded.remove(id) == nil { folded.insert(id) }
            case .member(let organization, _): return [.open(.tasks(filter: "org=\(organization)"))]
            case .study(let study): return [.open(.tasks(filter: "study=\(study)"))]
            case nil: break
            }
        case .showTasks: return [.open(.tasks(filter: "collaboration=\(id)"))]
        default: return []
        }
        prepare(in: world)
        return []
    }

    /// What the cursor is on, as a record.
    private func subject(in world: World) -> (kind: RecordKind, id: Int, name: String)? {
        let federation = world.federation
        switch current {
        case .collaboration(let id): return (.collaboration, id, federation.collaborationName(id))
        case .member(let id, _): return (.organization, id, federation.organizationName(id))
        case .study(let id): return (.study, id, federation.studies[id]?.name ?? "study \(id)")
        case nil: return nil
        }
    }

    func refusal(of action: Action, in world: World) -> String? {
        let federation = world.federation
        switch action {
        case .add: return federation.refusal("collaboration", "create", scopes: ["global"])
        case .addStudy: return federation.refusal("study", "create", scopes: ["collaboration", "global"])
        case .edit:
            guard let subject = subject(in: world) else { return "there is nothing here" }
            return federation.refusal(subject.kind.path, "edit")
        case .delete:
            guard let subject = subject(in: world) else { return "there is nothing here" }
            if subject.kind == .organization { return "change the collaboration (e) to take an organization out" }
            return federation.refusal(subject.kind.path, "delete")
        default: return nil
        }
    }

    mutating func receive(_ outcome: Message.Outcome, of effect: Effect, in world: World) -> [Reaction] {
        Dialog.deletionWithDependents(after: outcome, of: effect)
    }

    private func panes(_ size: Size) -> (tree: Rect, detail: Rect?) {
        guard size.columns >= 70 else { return (Rect(size), nil) }
        let parts = Rect(size).split(left: max(38, size.columns * 40 / 100))
        return (parts.left, parts.rest)
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        canvas.region(panes.tree) { canvas in
            canvas.box("Collaborations", focused: true) { canvas in
                let empty = "You are in no collaboration yet."
                if canvas.placeholder(for: .surroundings, isEmpty: rows.isEmpty, empty: empty, in: world) { return }
                let top = cursor.top(count: rows.count, height: canvas.size.rows)
                for row in 0..<min(canvas.size.rows, rows.count - top) {
                    canvas.line(line(rows[top + row], in: world), row: row, column: 1)
                    if top + row == cursor.index { canvas.highlight(row: row) }
                }
            }
        }
        guard let detail = panes.detail else { return }
        canvas.region(detail) { drawDetail(on: &$0, in: world) }
    }

    private func line(_ row: Row, in world: World) -> [Span] {
        let federation = world.federation
        switch row {
        case .collaboration(let id):
            let fold = world.glyphs[folded.contains(id) ? .collapsed : .expanded]
            let count = federation.surroundings.members[id]?.count ?? 0
            let kind = federation.collaborations[id]?.encrypted == true ? "encrypted" : "open"
            return [
                Span("\(fold) \(federation.collaborationName(id))  ", .strong),
                Span("\(kind) · \(count) organizations", .dim),
            ]
        case .member(let organization, let collaboration):
            let node = federation.node(organization: organization, collaboration: collaboration)
            let mine = organization == federation.surroundings.organizationID ? " (mine)" : ""
            let sign =
                node?.isOnline == true
                ? Span("    \(world.glyphs[.active]) ", .good) : Span("    \(world.glyphs[.pending]) ", .dim)
            return [sign, Span(federation.organizationName(organization) + mine)]
        case .study(let id):
            return [Span("    \(world.glyphs[.bullet]) study "), Span(federation.studies[id]?.name ?? String(id))]
        }
    }

    private func drawDetail(on canvas: inout Canvas, in world: World) {
        let federation = world.federation
        switch current {
        case .collaboration(let id):
            let members = federation.surroundings.members[id] ?? []
            let nodes = federation.nodes.values.filter { $0.collaboration?.id == id }
            let tasks = federation.taskIDs.compactMap { federation.tasks[$0] }.filter { $0.collaboration?.id == id }
            canvas.box(federation.collaborationName(id), note: "id \(id)") { canvas in
                canvas.facts([
                    ("encryption", Span(federation.collaborations[id]?.encrypted == true ? "on" : "off")),
                    ("organizations", Span(members.map { federation.organizationName($0) }.joined(separator: ", "))),
                    ("nodes", Span("\(nodes.count(where: \.isOnline))/\(nodes.count) online")),
                    (
                        "tasks seen",
                        Span(
                            "\(tasks.count)  (\(tasks.count { !$0.status.isFinished }) active, \(tasks.count(where: \.status.isFailed)) failed)"
                        )
                    ),
                    (
                        "last task",
                        Span(tasks.first.map { "\($0.id) \($0.name ?? "") · \(world.age($0.createdAt))" } ?? "none")
                    ),
                ])
            }
        case .member(let organization, let collaboration):
            let node = federation.node(organization: organization, collaboration: collaboration)
            let known = federation.organizations[organization]
            canvas.box(federation.organizationName(organization), note: "id \(organization)") { canvas in
                canvas.facts([
                    ("node", Span(node?.name ?? "none in this collaboration")),
                    ("status", node?.span(world.glyphs) ?? Span("–")),
                    ("country", Span(known?.country ?? "–")), ("domain", Span(known?.domain ?? "–")),
                    (
                        "public key",
                        Span(DirectoryKind.fingerprint(known?.publicKey))
                    ),
                ])
            }
        case .study(let id):
            canvas.box("study \(federation.studies[id]?.name ?? "")", note: "id \(id)") { canvas in
                canvas.facts([
                    ("collaboration", Span(federation.collaborationName(federation.studies[id]?.collaboration?.id)))
                ])
            }
        case nil: break
        }
    }

}
