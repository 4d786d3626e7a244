// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Collaborations as a tree: studies, members with the live state of their nodes, algorithm stores, and tasks.
struct CollaborationScreen: DetailedScreen {
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

    var cursor = ListCursor()
    var picks = Picks<Row>()
    /// A study that was just made, until its collaboration is known.
    private var newStudy: Int?
    private var folded: Set<Row> = []
    private var rows: [Row] = []
    private var filterText = ""
    var reading = Reading()
    var isFull = false

    var place: Place { .collaborations }
    var contexts: [KeyContext] { [.tree, .list, .everywhere] }
    var filter: String? { filterText }
    func title(in world: World) -> String { "Collaborations \(world.federation.collaborations.count)" }

    func needs(in world: World) -> [Subject] {
        let federation = world.federation
        var needs: [Subject] = [.nodes, .nodeLoads, .tasks]
        for id in federation.collaborations.keys.sorted() { needs.append(.stores(collaboration: id)) }
        for id in federation.studies.keys.sorted() { needs.append(.membersOf(study: id)) }
        if case .store(let id, _) = pointed { needs.append(.algorithms(store: id)) }
        return needs
    }

    func stale(in world: World) -> [Subject] { [.nodes, .tasks] }

    // MARK: Tree

    mutating func prepare(in world: World) {
        let federation = world.federation
        if let id = newStudy, let collaboration = federation.studies[id]?.collaboration?.id {
            show(.study(id, collaboration: collaboration))
            newStudy = nil
        }
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
        settle(in: world)
    }

    var identities: [Row] { rows }
    var head: Int { 0 }
    func room(in size: Size) -> Rect { (isFull ? Rect(size) : split(size).list).inset() }

    /// What can be deleted.
    func canMark(_ row: Row) -> Bool {
        switch row {
        case .collaboration, .study: true
        default: false
        }
    }

    mutating func seek(_ place: Place) {
        switch place {
        case .record(.collaboration, let id?): show(.collaboration(id))
        case .record(.study, let id?): newStudy = id
        default: break
        }
    }

    /// Brings the cursor to a row, which may be folded away.
    private mutating func show(_ row: Row) {
        picks.wanted = row
        if case .study(_, let id) = row {
            folded.subtract([.collaboration(id), .group(.studies, collaboration: id)])
        }
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

    mutating func setFilter(_ text: String, in world: World) {
        filterText = text
        prepare(in: world)
    }

    /// A task composed here belongs here.
    func seed(in world: World) -> ComposerDraft? {
        guard let row = pointed else { return nil }
        var draft = ComposerDraft()
        draft.collaboration = row.collaboration
        if case .study(let id, _) = row { draft.study = id }
        if case .member(let id, _) = row { draft.organizations = [id] }
        return draft
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if let reactions = changeFocus(action) { return reactions }
        if move(action, in: world) { return [] }
        switch action {
        case .add: return [.open(.record(.collaboration, nil))]
        case .addStudy: return [.open(.record(.study, nil))]
        default: break
        }
        guard let row = pointed else { return [] }
        switch (action, row) {
        case (.edit, _): return subject(in: world).map { [.open(.record($0.kind, $0.id))] } ?? []
        case (.delete, _):
            let records = removable(in: world)
            return records.isEmpty ? [] : [.ask(.deletion(of: records))]
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
            return .copying(subjects.map { Self.name(of: $0, world.federation) })
        default: return []
        }
        prepare(in: world)
        return []
    }

    /// What the cursor is on, as a record.
    private func subject(in world: World) -> Dialog.Record? {
        pointed.flatMap { Self.record(of: $0, in: world.federation) }
    }

    private static func record(of row: Row, in federation: Federation) -> Dialog.Record? {
        switch row {
        case .collaboration(let id):
            Dialog.Record(kind: .collaboration, id: id, name: federation.collaborationName(id))
        case .member(let id, _): Dialog.Record(kind: .organization, id: id, name: federation.organizationName(id))
        case .study(let id, _):
            Dialog.Record(kind: .study, id: id, name: federation.studies[id]?.name ?? "study \(id)")
        default: nil
        }
    }

    /// The marked records, or the one under the cursor; studies before the collaborations that they hang on.
    private func removable(in world: World) -> [Dialog.Record] {
        let records = subjects.filter(canMark).compactMap { Self.record(of: $0, in: world.federation) }
        return records.filter { $0.kind == .study } + records.filter { $0.kind != .study }
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
            let kinds = Set(removable(in: world).map(\.kind))
            if !kinds.isEmpty {
                return kinds.map(\.path).sorted().lazy.compactMap { federation.refusal($0, "delete") }.first
            }
            guard let subject = subject(in: world) else { return "there is nothing here" }
            return subject.kind == .organization
                ? "change the collaboration (e) to take an organization out" : "there is nothing here"
        case .showRaw: return subject(in: world) == nil ? "there is nothing here to show as JSON" : nil
        default: return nil
        }
    }

    /// Folds a row that has others below it; any other goes to the row it stands under.
    private mutating func fold(_ row: Row) {
        switch row {
        case .collaboration: folded.insert(row)
        case .group(_, let id): if !folded.insert(row).inserted { picks.chosen = .collaboration(id) }
        case .study(_, let id): picks.chosen = .group(.studies, collaboration: id)
        case .member(_, let id): picks.chosen = .group(.organizations, collaboration: id)
        case .store(_, let id): picks.chosen = .group(.stores, collaboration: id)
        case .tasks(let id): picks.chosen = .collaboration(id)
        }
    }

    // MARK: View

    func split(_ size: Size) -> (list: Rect, detail: Rect?) {
        guard size.columns >= 70 else { return (Rect(size), nil) }
        let parts = Rect(size).split(left: max(38, min(60, size.columns * 40 / 100)))
        return (parts.left, parts.rest)
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        canvas.region(panes.list) { canvas in
            canvas.box("Collaborations", focused: !reading.isFocused) { canvas in
                let empty =
                    filterText.isEmpty ? "You are in no collaboration yet." : "The filter hides all. esc clears it."
                if canvas.placeholder(
                    for: .surroundings, isEmpty: rows.isEmpty, empty: empty, of: .collaboration, in: world)
                {
                    return
                }
                let top = cursor.top(count: rows.count, height: canvas.size.rows)
                for row in 0..<min(canvas.size.rows, rows.count - top) {
                    canvas.line(line(rows[top + row], in: world), row: row, column: 1)
                    if picks.marks.contains(rows[top + row]) {
                        canvas.text(canvas.glyphs[.mark], row: row, role: .marked)
                    }
                    if top + row == cursor.index { canvas.highlight(row: row) }
                }
            }
        }
        guard let detail = panes.detail, let row = pointed else { return }
        canvas.region(detail) { canvas in
            canvas.clear()
            CollaborationDetail(row: row, isFocused: reading.isFocused).draw(on: &canvas, in: world)
        }
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
            let isLate = node.map { federation.lateness(of: $0, at: world.now) != nil } ?? false
            let (glyph, role): (Glyph, TextRole) =
                isLate ? (.starting, .warning) : node?.isOnline == true ? (.active, .good) : (.pending, .dim)
            let sign = Span("    \(world.glyphs[glyph]) ", role)
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
