// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Organizations, users, or roles: a list, and what is known of the one the cursor is on.
struct DirectoryScreen: DetailedList {
    let kind: DirectoryKind
    var cursor = ListCursor()
    var picks = Picks<Int>()
    private var filterText = ""
    var order = ListOrder()
    private(set) var rows: [DirectoryRow] = []
    /// Whether keys move in the details, and how many lines of them are above the window.
    private var isReading = false
    private var skipped = 0
    /// Only the list shows, or the details while they are read.
    var isFull = false

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
        let found = kind.rows(in: world).filter { row in
            wanted.isEmpty || row.cells.contains { $0.text.lowercased().contains(wanted) }
        }
        rows = order.sorted(found, cells: \.cells)
        settle(in: world)
        if rows.isEmpty { isReading = false }
        skipped = min(skipped, hidden(in: world))
    }

    /// How many lines of the details are too many for their pane.
    private func hidden(in world: World) -> Int {
        guard let row = current else { return 0 }
        return max(0, kind.facts(of: row.id, in: world).count - detailHeight(in: world))
    }

    private func detailHeight(in world: World) -> Int {
        let body = world.body.size
        return max(1, (panes(body).detail?.rows ?? body.rows) - 2)
    }

    /// Moves in the details as in a text.
    private mutating func scroll(_ action: Action, in world: World) -> Bool {
        let (most, page) = (hidden(in: world), detailHeight(in: world))
        switch action {
        case .moveDown: skipped += 1
        case .moveUp: skipped -= 1
        case .pageDown: skipped += page
        case .pageUp: skipped -= page
        case .halfPageDown: skipped += max(1, page / 2)
        case .halfPageUp: skipped -= max(1, page / 2)
        case .first: skipped = 0
        case .last: skipped = most
        default: return false
        }
        skipped = min(max(0, skipped), most)
        return true
    }

    mutating func type(_ key: Key, in world: World) -> [Reaction]? {
        guard isReading, key == .escape else { return nil }
        isReading = false
        return []
    }

    func identity(of row: DirectoryRow) -> Int { row.id }

    mutating func seek(_ place: Place) {
        if case .record(kind.record, let id?) = place { picks.wanted = id }
    }

    mutating func setFilter(_ text: String, in world: World) {
        filterText = text
        prepare(in: world)
    }

    func export(in world: World) -> Export? {
        Export(
            kind.title.lowercased(), columns: columns.map(\.title), rows: saved.map { $0.cells.map(\.text) })
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if isReading, scroll(action, in: world) { return [] }
        if move(action, in: world) {
            skipped = 0
            return []
        }
        if action == .nextPane || action == .previousPane {
            isReading.toggle()
            return []
        }
        if let reactions = arrange(action) { return reactions }
        if action == .add { return [.open(.record(kind.record, nil))] }
        guard let row = current else { return [] }
        switch (action, kind) {
        case (.open, .roles): isReading = true
        case (.edit, _): return [.open(.record(kind.record, row.id))]
        case (.delete, _): return [.ask(.deletion(of: removable(in: world)))]
        case (.showRaw, .organizations): return [.open(.raw(.organization(row.id)))]
        case (.showRaw, .users): return [.open(.raw(.user(row.id)))]
        case (.showRaw, .roles): return [.open(.raw(.role(row.id)))]
        case (.copy, _): return .copying(subjects.map(String.init))
        case (.open, .organizations), (.showTasks, .organizations): return [.open(.tasks(filter: "org=\(row.id)"))]
        case (.open, .users), (.showTasks, .users): return [.open(.tasks(filter: "by=\(row.id)"))]
        default: break
        }
        return []
    }

    func refusal(of action: Action, in world: World) -> String? {
        let name = kind.record.path
        // 4.15.2: whole organizations are made and removed by those with the global rule only.
        let scopes: Set<String> = kind == .organizations && action != .edit ? ["global"] : []
        switch action {
        case .add: return world.federation.refusal(name, "create", scopes: scopes)
        case .edit, .delete:
            guard let row = current else { return "there is nothing here" }
            if action == .edit ? !isChangeable(row.id, in: world) : removable(in: world).isEmpty {
                return "the default roles belong to the server"
            }
            return world.federation.refusal(name, action == .edit ? "edit" : "delete", scopes: scopes)
        case .showTasks where kind == .roles: return "tasks belong to organizations and users"
        default: return nil
        }
    }

    private func isChangeable(_ id: Int, in world: World) -> Bool {
        kind != .roles || world.federation.roles.first { $0.id == id }?.isDefaultRole != true
    }

    /// The marked records, or the one under the cursor, as far as anybody may delete them.
    private func removable(in world: World) -> [Dialog.Record] {
        let subjects = Set(subjects)
        return rows.filter { subjects.contains($0.id) && isChangeable($0.id, in: world) }.map {
            Dialog.Record(kind: kind.record, id: $0.id, name: $0.cells[1].text)
        }
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        isReading = false
        let before = cursor.index
        let click = choose(at: point, in: world)
        if cursor.index != before { skipped = 0 }
        return click == .opened ? perform(.open, in: world) : []
    }

    var columns: [Column] { kind.columns }
    func cells(of row: DirectoryRow, in world: World) -> [Span] { row.cells }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        canvas.region(panes.list) { canvas in
            let empty =
                filterText.isEmpty ? "There is nothing you may see here." : "The filter hides all. esc clears it."
            if canvas.placeholder(for: subject, isEmpty: rows.isEmpty, empty: empty, in: world) { return }
            canvas.table(table(in: world))
        }
        // Where there is no room for both, the details cover the list while they are read.
        guard let row = current, let detail = panes.detail ?? (isReading ? canvas.bounds : nil) else { return }
        let facts = kind.facts(of: row.id, in: world)
        let height = detailHeight(in: world)
        let place = facts.count > height ? "\(skipped + 1)–\(min(facts.count, skipped + height)) of \(facts.count)" : ""
        canvas.region(detail) { canvas in
            canvas.clear()
            let note = place.isEmpty ? "id \(row.id)" : place
            canvas.box(row.cells.count > 1 ? row.cells[1].text : "", note: note, focused: isReading) { canvas in
                var shown = Array(facts.dropFirst(skipped))
                // What the first line belongs to may be above the window.
                if let heading = facts.prefix(skipped + 1).last(where: { !$0.0.isEmpty }) { shown[0].0 = heading.0 }
                canvas.facts(shown)
            }
        }
    }
}

/// One line of a directory.
struct DirectoryRow: Hashable, Sendable {
    var id: Int
    var cells: [Span]
}
