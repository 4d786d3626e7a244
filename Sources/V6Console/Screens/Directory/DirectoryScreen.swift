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
    var contexts: [KeyContext] { [.list, .everywhere] }
    var filter: String? { filterText }
    func title(in world: World) -> String { "\(kind.title) \(rows.count)" }

    func needs(in world: World) -> [Subject] {
        switch kind {
        case .roles: [.roles] + (current.map { [.rules(role: $0.id)] } ?? [])
        case .organizations: [.nodes]
        case .users: []
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

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if cursor.handle(action, count: rows.count, height: Rect(world.body.size).listAndDetail.list.rows - 1) {
            return []
        }
        guard let row = current else { return [] }
        switch (action, kind) {
        case (.copy, _): return [.run(.copy(String(row.id))), .say(.good("Copied \(row.id)"))]
        case (.open, .organizations): return [.open(.tasks(filter: "org=\(row.id)"))]
        case (.open, .users): return [.open(.tasks(filter: "by=\(row.id)"))]
        default: return []
        }
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
