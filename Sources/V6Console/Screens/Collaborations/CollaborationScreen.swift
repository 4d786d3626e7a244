// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Collaborations as a tree: studies, members with the live state of their nodes, algorithm stores, and tasks.
struct CollaborationScreen: Screen {
    enum Group: Hashable, Sendable, CaseIterable { case studies, organizations, stores }

    enum Row: Hashable, Sendable {
        case collaboration(Int)
        case group(Group, collaboration: Int)
        case study(Int, collaboration: Int)
        case member(organization: Int, collaboration: Int)
        case store(Int, collaboration: Int)
        case tasks(collaboration: Int)

        var collaboration: Int {
            switch self {
            case .collaboration(let id), .group(_, let id), .study(_, let id), .member(_, let id), .store(_, let id),
                .tasks(let id):
                id
            }
        }
    }

    private var cursor = ListCursor()
    private var folded: Set<Row> = []
    private var rows: [Row] = []
    private var chosen: Row?
    private var filterText = ""
    /// Only the tree shows.
    private var isFull = false

    var place: Place { .collaborations }
    var contexts: [KeyContext] { [.tree, .list, .everywhere] }
    var filter: String? { filterText }
    func title(in world: World) -> String { "Collaborations \(world.federation.collaborations.count)" }

    func needs(in world: World) -> [Subject] {
        let federation = world.federation
        var needs: [Subject] = [.nodes, .tasks]
        for id in federation.collaborations.keys.sorted() { needs.append(.stores(collaboration: id)) }
        for id in federation.studies.keys.sorted() { needs.append(.membersOf(study: id)) }
        if case .store(let id, _) = chosen { needs.append(.algorithms(store: id)) }
        return needs
    }

    func stale(in world: World) -> [Subject] { [.nodes, .tasks] }

    // MARK: Tree

    mutating func prepare(in world: World) {
        let federation = world.federation
        rows = []
        for one in federation.collaborations.values.sorted(by: { ($0.name, $0.id) < ($1.name, $1.id) }) {
            rows.append(.collaboration(one.id))
            if folded.contains(.collaboration(one.id)) { continue }
            for group in Group.allCases {
                let members = Self.members(of: group, in: one.id, federation)
                if members.isEmpty { continue }
                rows.append(.group(group, collaboration: one.id))
                if !folded.contains(.group(group, collaboration: one.id)) { rows += members }
            }
            rows.append(.tasks(collaboration: one.id))
        }
        if !filterText.isEmpty {
            let wanted = filterText.lowercased()
            rows = rows.filter { row in
                if case .group = row { return false }
                return Self.name(of: row, federation).lowercased().contains(wanted)
            }
        }
        if let chosen, let index = rows.firstIndex(of: chosen), index != cursor.index {
            cursor.jump(to: index, count: rows.count, height: height(in: world))
        } else {
            cursor.move(by: 0, count: rows.count, height: height(in: world))
        }
        chosen = current
    }

    private static func members(of group: Group, in id: Int, _ federation: Federation) -> [Row] {
        switch group {
        case .studies:
            federation.studies.values.filter { $0.collaboration?.id == id }
                .sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { .study($0.id, collaboration: id) }
        case .organizations:
            (federation.surroundings.members[id] ?? []).map { .member(organization: $0, collaboration: id) }
        case .stores: (federation.stores[id] ?? []).map { .store($0.id, collaboration: id) }
        }
    }

    private static func name(of row: Row, _ federation: Federation) -> String {
        switch row {
        case .collaboration(let id): federation.collaborationName(id)
        case .group: ""
        case .study(let id, _): federation.studies[id]?.name ?? ""
        case .member(let id, _): federation.organizationName(id)
        case .store(let id, let collaboration): federation.stores[collaboration]?.first { $0.id == id }?.name ?? ""
        case .tasks: "tasks"
        }
    }

    private var current: Row? { rows.indices.contains(cursor.index) ? rows[cursor.index] : nil }
    private func height(in world: World) -> Int { max(1, panes(world.body.size).tree.rows - 2) }

    mutating func setFilter(_ text: String, in world: World) {
        filterText = text
        prepare(in: world)
    }

    /// A task composed here belongs here.
    func seed(in world: World) -> ComposerDraft? {
        guard let row = current else { return nil }
        var draft = ComposerDraft()
        draft.collaboration = row.collaboration
        if case .study(let id, _) = row { draft.study = id }
        if case .member(let id, _) = row { draft.organizations = [id] }
        return draft
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if cursor.handle(action, count: rows.count, height: height(in: world)) {
            chosen = current
            return []
        }
        switch action {
        case .add: return [.open(.record(.collaboration, nil))]
        case .addStudy: return [.open(.record(.study, nil))]
        case .fullScreen:
            isFull.toggle()
            return []
        default: break
        }
        guard let row = current else { return [] }
        switch (action, row) {
        case (.edit, _): return subject(in: world).map { [.open(.record($0.kind, $0.id))] } ?? []
        case (.delete, _):
            return subject(in: world).map { [.ask(.deletion(of: $0.kind, $0.id, named: $0.name))] } ?? []
        case (.expand, _): folded.remove(row)
        case (.collapse, _): fold(row)
        case (.open, .collaboration), (.open, .group): if folded.remove(row) == nil { folded.insert(row) }
        case (.open, .member(let id, _)), (.showTasks, .member(let id, _)): return [.open(.tasks(filter: "org=\(id)"))]
        case (.open, .study(let id, _)), (.showTasks, .study(let id, _)): return [.open(.tasks(filter: "study=\(id)"))]
        case (.open, .store): return [.open(.algorithms)]
        case (.open, .tasks), (.showTasks, _): return [.open(.tasks(filter: "collaboration=\(row.collaboration)"))]
        case (.showRaw, .collaboration(let id)): return [.open(.raw(.collaboration(id)))]
        case (.showRaw, .study(let id, _)): return [.open(.raw(.study(id)))]
        case (.showRaw, .member(let id, _)): return [.open(.raw(.organization(id)))]
        case (.copy, _):
            let name = Self.name(of: row, world.federation)
            return [.run(.copy(name)), .say(.good("Copied \(name)"))]
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
        case .study(let id, _): return (.study, id, federation.studies[id]?.name ?? "study \(id)")
        default: return nil
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
        case .showRaw: return subject(in: world) == nil ? "there is nothing here to show as JSON" : nil
        default: return nil
        }
    }

    mutating func receive(_ outcome: Message.Outcome, of effect: Effect, in world: World) -> [Reaction] {
        Dialog.deletionWithDependents(after: outcome, of: effect)
    }

    /// Folds a row that has others below it; any other goes to the row it stands under.
    private mutating func fold(_ row: Row) {
        switch row {
        case .collaboration: folded.insert(row)
        case .group(_, let id): if !folded.insert(row).inserted { chosen = .collaboration(id) }
        case .study(_, let id): chosen = .group(.studies, collaboration: id)
        case .member(_, let id): chosen = .group(.organizations, collaboration: id)
        case .store(_, let id): chosen = .group(.stores, collaboration: id)
        case .tasks(let id): chosen = .collaboration(id)
        }
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        let inside = panes(world.body.size).tree.inset()
        let click = cursor.click(at: point, in: inside, count: rows.count, head: 0)
        if click == .opened { return perform(.open, in: world) }
        if click == .chose { chosen = current }
        return []
    }

    // MARK: View

    private static func isRoomy(_ size: Size) -> Bool { size.columns >= 70 }
    func hasPanes(in world: World) -> Bool { Self.isRoomy(world.body.size) }

    private func panes(_ size: Size) -> (tree: Rect, detail: Rect?) {
        guard Self.isRoomy(size), !isFull else { return (Rect(size), nil) }
        let parts = Rect(size).split(left: max(38, min(60, size.columns * 40 / 100)))
        return (parts.left, parts.rest)
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        canvas.region(panes.tree) { canvas in
            canvas.box("Collaborations", focused: true) { canvas in
                let empty =
                    filterText.isEmpty ? "You are in no collaboration yet." : "The filter hides all. esc clears it."
                if canvas.placeholder(for: .surroundings, isEmpty: rows.isEmpty, empty: empty, in: world) { return }
                let top = cursor.top(count: rows.count, height: canvas.size.rows)
                for row in 0..<min(canvas.size.rows, rows.count - top) {
                    canvas.line(line(rows[top + row], in: world), row: row, column: 1)
                    if top + row == cursor.index { canvas.highlight(row: row) }
                }
            }
        }
        guard let detail = panes.detail, let row = current else { return }
        canvas.region(detail) { CollaborationDetail(row: row).draw(on: &$0, in: world) }
    }

    private func line(_ row: Row, in world: World) -> [Span] {
        let federation = world.federation
        let fold = world.glyphs[folded.contains(row) ? .collapsed : .expanded]
        let name = Self.name(of: row, federation)
        switch row {
        case .collaboration(let id):
            let count = federation.surroundings.members[id]?.count ?? 0
            let kind = federation.collaborations[id]?.encrypted == true ? "encrypted" : "open"
            return [Span("\(fold) \(name)  ", .strong), Span("\(kind) · \(count) organizations", .dim)]
        case .group(let group, let id):
            let count = Self.members(of: group, in: id, federation).count
            let title =
                switch group {
                case .studies: "studies"
                case .organizations: "organizations"
                case .stores: "algorithm stores"
                }
            return [Span("  \(fold) \(title)  "), Span("\(count)", .dim)]
        case .study(let id, _):
            let count = federation.studyMembers[id].map { "\($0.count) organizations" } ?? ""
            return [Span("    \(world.glyphs[.bullet]) \(name)  "), Span(count, .dim)]
        case .member(let organization, let collaboration):
            let node = federation.node(organization: organization, collaboration: collaboration)
            let mine = organization == federation.surroundings.organizationID ? " (mine)" : ""
            let sign =
                node?.isOnline == true
                ? Span("    \(world.glyphs[.active]) ", .good) : Span("    \(world.glyphs[.pending]) ", .dim)
            return [sign, Span(name + mine)]
        case .store: return [Span("    \(world.glyphs[.bullet]) \(name)")]
        case .tasks(let id):
            let tasks = federation.tasks(in: id)
            return [Span("  \(world.glyphs[.bullet]) tasks  "), Span(tasks.isEmpty ? "none" : "\(tasks.count)", .dim)]
        }
    }
}

extension Federation {
    /// The known tasks of users in a collaboration, newest first.
    func tasks(in collaboration: Int) -> [AlgorithmTask] {
        taskIDs.compactMap { tasks[$0] }.filter { $0.collaboration?.id == collaboration }
    }
}
