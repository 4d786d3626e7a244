// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Organizations, users, or roles: a list, and what is known of the one the cursor is on.
struct DirectoryScreen: DetailedList, FilteredList {
    let kind: DirectoryKind
    var cursor = ListCursor()
    var picks = Picks<Int>()
    var filterText = ""
    var order = ListOrder()
    private(set) var rows: [DirectoryRow] = [] { didSet { identities = rows.map(identity) } }
    private(set) var identities: [Int] = []
    var reading = Reading()
    var isFull = false

    init(_ kind: DirectoryKind) {
        self.kind = kind
    }

    var place: Place { .directory(kind) }
    var contexts: [KeyContext] { [.directory, .list, .everywhere] }
    func title(in world: World) -> String { "\(kind.title) \(rows.count)" }

    func needs(in world: World) -> [Subject] {
        switch kind {
        case .roles: [.roles] + (current.map { [.rules(role: $0.id)] } ?? [])
        case .organizations: [.nodes, .nodeLoads]
        case .users: [.roles] + (current.map { [.rolesOf(user: $0.id)] } ?? [])
        }
    }

    private var subject: Subject { kind == .roles ? .roles : .surroundings }

    mutating func prepare(in world: World) {
        rows = order.sorted(kind.rows(in: world).filter { fits($0.cells.map(\.text)) }, cells: \.cells)
        settle(in: world)
        settleDetail(in: world)
    }

    func identity(of row: DirectoryRow) -> Int { row.id }

    mutating func seek(_ place: Place) {
        if case .record(kind.record, let id?) = place { picks.wanted = id }
    }

    func export(in world: World) -> Export? {
        Export(
            kind.title.lowercased(), columns: columns.map(\.title), rows: saved.map { $0.cells.map(\.text) })
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if let reactions = navigate(action, in: world) { return reactions }
        if action == .add { return [.open(.record(kind.record, nil))] }
        guard let row = current else { return [] }
        switch (action, kind) {
        case (.open, .roles): reading.isFocused = true
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

    func name(of action: Action, in world: World) -> String? {
        let noun = kind.record.rawValue
        if action == .add { return "Add \(noun == "organization" ? "an" : "a") \(noun)…" }
        guard let row = current else { return nil }
        let whom =
            marked == 0
            ? "\(noun) \(kind.record.name(of: row.id, in: world.federation))"
            : "marked \(kind.record.plural) (\(marked))"
        return switch action {
        case .edit: "Change \(noun) \(kind.record.name(of: row.id, in: world.federation))…"
        case .delete: "Delete \(whom)…"
        case .showRaw: "JSON of \(noun) \(kind.record.name(of: row.id, in: world.federation))"
        case .showTasks: "Tasks of \(noun) \(kind.record.name(of: row.id, in: world.federation))"
        case .copy: marked == 0 ? "Copy number of \(whom)" : "Copy numbers of \(whom)"
        default: nil
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

    var columns: [Column] { kind.columns }
    func cells(of row: DirectoryRow, in world: World) -> [Span] { row.cells }

    func draw(on canvas: inout Canvas, in world: World) {
        drawList(kind.title, note: rows.count.grouped, on: &canvas) { canvas in
            let empty =
                filterText.isEmpty ? "There is nothing you may see here." : "The filter hides all. esc clears it."
            if canvas.placeholder(for: subject, isEmpty: rows.isEmpty, empty: empty, of: kind.record, in: world) {
                return
            }
            canvas.table(table(in: world))
        }
        drawDetail(on: &canvas, in: world)
    }

    func detail(in world: World) -> DetailText? {
        current.map { row in
            DetailText(
                title: row.cells.count > 1 ? row.cells[1].text : "", note: "id \(row.id)",
                facts: kind.facts(of: row.id, in: world))
        }
    }
}

/// One line of a directory.
struct DirectoryRow: Hashable, Sendable {
    var id: Int
    var cells: [Span]
}
