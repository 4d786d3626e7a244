// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Organizations, users, or roles: a list, and what is known of the one the cursor is on.
struct DirectoryScreen: Screen {
    let kind: DirectoryKind
    private var cursor = ListCursor()
    private var filterText = ""
    private var rows: [DirectoryRow] = []

    init(_ kind: DirectoryKind) {
        self.kind = kind
    }

    var place: Place { .directory(kind) }
    var contexts: [KeyContext] { [.directory, .list, .everywhere] }
    var filter: String? { filterText }
    func title(in world: World) -> String { "\(kind.title) \(rows.count)" }

    func needs(in world: World) -> [Subject] {
        switch kind {
        case .roles: [.roles] + (current.map { [.rules(role: $0.id)] } ?? [])
        case .organizations: [.nodes]
        case .users: [.roles] + (current.map { [.rolesOf(user: $0.id)] } ?? [])
        }
    }

    private var subject: Subject { kind == .roles ? .roles : .surroundings }

    mutating func prepare(in world: World) {
        let wanted = filterText.lowercased()
        rows = kind.rows(in: world).filter { row in
            wanted.isEmpty || row.cells.contains { $0.text.lowercased().contains(wanted) }
        }
        cursor.move(by: 0, count: rows.count, height: Rect(world.body.size).listAndDetail.list.rows - 1)
    }

    mutating func setFilter(_ text: String, in world: World) {
        filterText = text
        prepare(in: world)
    }

    private var current: DirectoryRow? { rows.indices.contains(cursor.index) ? rows[cursor.index] : nil }

    func export(in world: World) -> Export? {
        Export(
            kind.title.lowercased(), columns: kind.columns.map(\.title), rows: rows.map { $0.cells.map(\.text) })
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if cursor.handle(action, count: rows.count, height: Rect(world.body.size).listAndDetail.list.rows - 1) {
            return []
        }
        if action == .add { return [.open(.record(kind.record, nil))] }
        guard let row = current else { return [] }
        switch (action, kind) {
        case (.edit, _): return [.open(.record(kind.record, row.id))]
        case (.delete, _): return [.ask(.deletion(of: kind.record, row.id, named: row.cells[1].text))]
        case (.copy, _): return [.run(.copy(String(row.id))), .say(.good("Copied \(row.id)"))]
        case (.open, .organizations), (.showTasks, .organizations): return [.open(.tasks(filter: "org=\(row.id)"))]
        case (.open, .users), (.showTasks, .users): return [.open(.tasks(filter: "by=\(row.id)"))]
        default: return []
        }
    }

    func refusal(of action: Action, in world: World) -> String? {
        let name = kind.record.path
        // 4.15.2: whole organizations are made and removed by those with the global rule only.
        let scopes: Set<String> = kind == .organizations && action != .edit ? ["global"] : []
        switch action {
        case .add: return world.federation.refusal(name, "create", scopes: scopes)
        case .edit, .delete:
            guard let row = current else { return "there is nothing here" }
            if kind == .roles, world.federation.roles.first(where: { $0.id == row.id })?.isDefaultRole == true {
                return "the default roles belong to the server"
            }
            return world.federation.refusal(name, action == .edit ? "edit" : "delete", scopes: scopes)
        case .showTasks where kind == .roles: return "tasks belong to organizations and users"
        default: return nil
        }
    }

    mutating func receive(_ outcome: Message.Outcome, of effect: Effect, in world: World) -> [Reaction] {
        Dialog.deletionWithDependents(after: outcome, of: effect)
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        let list = Rect(world.body.size).listAndDetail.list
        let click = cursor.click(at: point, in: list, count: rows.count, head: 1)
        return click == .opened ? perform(.open, in: world) : []
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = Rect(canvas.size).listAndDetail
        canvas.region(panes.list) { canvas in
            let empty =
                filterText.isEmpty ? "There is nothing you may see here." : "The filter hides all. esc clears it."
            if canvas.placeholder(for: subject, isEmpty: rows.isEmpty, empty: empty, in: world) { return }
            canvas.table(
                TableContent(columns: kind.columns, count: rows.count, cursor: cursor, cells: { rows[$0].cells }))
        }
        guard let detail = panes.detail, let row = current else { return }
        canvas.region(detail) { canvas in
            canvas.box(row.cells.count > 1 ? row.cells[1].text : "", note: "id \(row.id)") { canvas in
                canvas.facts(kind.facts(of: row.id, in: world))
            }
        }
    }
}

/// One line of a directory.
struct DirectoryRow: Hashable, Sendable {
    var id: Int
    var cells: [Span]
}
