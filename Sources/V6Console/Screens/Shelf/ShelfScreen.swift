// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Bookmarks, drafts, templates or algorithm stores: a list, and what is known of the one the cursor is on.
struct ShelfScreen: DetailedList, FilteredList {
    let kind: ShelfKind
    var cursor = ListCursor()
    var picks = Picks<String>()
    var order = ListOrder()
    var reading = Reading()
    var isFull = false
    private(set) var rows: [ShelfRow] = [] { didSet { identities = rows.map(identity) } }
    private(set) var identities: [String] = []
    var filterText = ""
    private var hasLooked = false

    init(_ kind: ShelfKind) {
        self.kind = kind
    }

    var place: Place { .shelf(kind) }
    var contexts: [KeyContext] { [.shelf, .list, .everywhere] }
    var changesServer: Bool { kind == .stores }
    func title(in world: World) -> String { "\(kind.title) \(rows.count)" }

    func needs(in world: World) -> [Subject] {
        switch kind {
        case .bookmarks: world.bookmarks.isEmpty ? [] : [.nodes, .tasks]
        case .drafts: []
        case .templates: [.templates]
        case .stores: world.federation.collaborations.keys.sorted().flatMap { world.federation.offerNeeds(in: $0) }
        }
    }

    /// Files may have been written meanwhile, and a store may answer again.
    mutating func wishes(in world: World) -> [Effect] {
        guard !hasLooked else { return [] }
        hasLooked = true
        guard kind == .templates || kind == .stores else { return [] }
        return needs(in: world).filter(world.federation.hasLoaded).map(Effect.load)
    }

    func stale(in world: World) -> [Subject] { kind == .bookmarks ? needs(in: world) : [] }

    mutating func prepare(in world: World) {
        rows = order.sorted(kind.rows(in: world).filter { fits($0.cells.map(\.text)) }, cells: \.cells)
        settle(in: world)
        settleDetail(in: world)
    }

    func identity(of row: ShelfRow) -> String { row.id }

    func export(in world: World) -> Export? {
        Export(kind.rawValue, columns: columns.map(\.title), rows: saved.map { $0.cells.map(\.text) })
    }

    // MARK: Keys

    func refusal(of action: Action, in world: World) -> String? {
        guard [.open, .edit, .delete, .showRaw, .copy].contains(action) else { return nil }
        guard let current else { return "there is no \(kind.noun) here" }
        if kind == .templates, [.open, .showRaw].contains(action),
            world.federation.templates.first(where: { $0.name == current.id })?.fault != nil
        {
            return "its file cannot be used; the detail says why"
        }
        if action == .open, kind == .drafts || kind == .templates { return world.federation.refusalToCreateTasks }
        if kind == .stores, [.edit, .delete].contains(action) {
            return world.federation.refusal("collaboration", "edit", scopes: ["collaboration", "global"])
        }
        return nil
    }

    func name(of action: Action, in world: World) -> String? {
        guard let row = current else { return nil }
        let whom =
            marked == 0 ? "\(kind.noun) \(name(of: row.id, in: world))" : "marked \(kind.rawValue) (\(marked))"
        return switch action {
        case .edit: "Rename \(kind.noun) \(name(of: row.id, in: world))…"
        case .delete: "Delete \(whom)…"
        case .showRaw: "JSON of \(kind.noun) \(name(of: row.id, in: world))"
        default: nil
        }
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if let reactions = navigate(action, in: world) { return reactions }
        guard let row = current else { return [] }
        switch action {
        case .open: return open(row.id, in: world)
        case .edit: return [.choose(.begun("rename \(name(of: row.id, in: world))"))]
        case .delete: return [.ask(deletion(of: subjects, in: world))]
        case .showRaw: return [.open(.raw(.kept(kind, row.id)))]
        case .copy: return .copying(subjects.map { copied($0, in: world) })
        default: return []
        }
    }

    private func open(_ id: String, in world: World) -> [Reaction] {
        switch kind {
        case .bookmarks: return Int(id).flatMap { world.bookmarks[$0] }.map { [.choose(.command($0))] } ?? []
        case .drafts:
            guard let kept = world.drafts.first(where: { String($0.id) == id }) else { return [.open(.composer(nil))] }
            // It is in the composer before it is no longer here.
            return [
                .open(.composer(kept.draft)), .run(.keepDraft(kept.draft)), .run(.dropDrafts([kept.id])),
            ]
        case .templates:
            guard let task = world.federation.templates.first(where: { $0.name == id })?.task else { return [] }
            return [.open(.composer(ComposerDraft(task, in: world.federation)))]
        case .stores: return [.open(.algorithms)]
        }
    }

    /// What stands for a row outside of this program.
    private func copied(_ id: String, in world: World) -> String {
        switch kind {
        case .bookmarks: Int(id).flatMap { world.bookmarks[$0] } ?? id
        case .stores: ShelfKind.stores(in: world).first { String($0.store.id) == id }?.store.url ?? id
        case .drafts:
            ShelfKind.drafts(in: world).first { $0.id == id }.map {
                $0.draft.name.isEmpty ? $0.draft.image : $0.draft.name
            }
                ?? ""
        case .templates: id
        }
    }

    /// What ``rename(to:in:)`` changes.
    private func name(of id: String, in world: World) -> String {
        switch kind {
        case .bookmarks, .templates: id
        case .drafts: ShelfKind.drafts(in: world).first { $0.id == id }?.draft.name ?? ""
        case .stores: ShelfKind.stores(in: world).first { String($0.store.id) == id }?.store.name ?? ""
        }
    }

    // MARK: Changes

    mutating func rename(to name: String, in world: World) -> [Reaction]? {
        guard let id = current?.id else { return [.say(.refusal("Cannot rename: there is no \(kind.noun) here"))] }
        switch kind {
        case .bookmarks:
            guard let old = Int(id), let new = Int(name), (1...9).contains(new) else {
                return [.say(.bad("A bookmark has a number from 1 to 9, such as :rename 4"))]
            }
            var bookmarks = world.bookmarks
            // Who has that number gets the other: nothing is lost.
            (bookmarks[new], bookmarks[old]) = (world.bookmarks[old], world.bookmarks[new])
            picks.wanted = name
            return [.run(.rememberBookmarks(bookmarks)), .say(.good("Bookmark \(old) is \(new) now"))]
        case .drafts:
            guard let kept = world.drafts.first(where: { String($0.id) == id }) else {
                var draft = world.draft
                draft?.name = name
                return [.run(.keepDraft(draft)), .say(.good("The draft is called \(name)"))]
            }
            var draft = kept.draft
            draft.name = name
            return [.run(.dropDrafts([kept.id])), .run(.putAside(draft)), .say(.good("The draft is called \(name)"))]
        case .templates:
            picks.wanted = TemplateFolder.fileName(name)
            return [.run(.renameTemplate(id, to: name))]
        case .stores:
            let change = Change(
                method: "PATCH", path: "/algorithmstore/\(id)", body: ["name": .string(name)],
                doing: "renaming store \(id)", done: "Store \(id) is called \(name)", reloads: reloads(in: world))
            return [.run(.change(change))]
        }
    }

    private func reloads(in world: World) -> [Subject] {
        world.federation.collaborations.keys.sorted().map { .stores(collaboration: $0) }
    }

    private func deletion(of ids: [String], in world: World) -> Dialog {
        let isOne = ids.count == 1
        let names = ids.map { id in
            rows.first { $0.id == id }.map { row in
                kind == .bookmarks ? "\(id)  \(row.cells[1].text)" : row.cells[kind == .stores ? 1 : 0].text
            } ?? id
        }
        let title = isOne ? "Delete the \(kind.noun) \(names[0])?" : "Delete \(ids.count) \(kind.rawValue)?"
        let many = isOne ? [] : Dialog.list(names) { $0 }
        let consent: Dialog.Consent =
            isOne ? (kind == .stores ? .typing(names[0]) : .yes) : .typing(String(ids.count))
        return Dialog(
            title, lines: many + [[Span(consequence(isOne: isOne))]], consent: consent, dangerous: kind != .bookmarks,
            effects: effects(deleting: ids, in: world))
    }

    private func consequence(isOne: Bool) -> String {
        switch kind {
        case .bookmarks where isOne: "Its number becomes free. What it leads to stays."
        case .bookmarks: "Their numbers become free. What they lead to stays."
        case .drafts: "What was typed is gone for good."
        case .templates where isOne: "Its file is removed for good. Tasks that were made from it stay."
        case .templates: "Their files are removed for good. Tasks that were made from them stay."
        case .stores where isOne: "The server forgets its address for every collaboration that is linked to it."
        case .stores: "The server forgets their addresses for every collaboration that is linked to them."
        }
    }

    private func effects(deleting ids: [String], in world: World) -> [Effect] {
        switch kind {
        case .bookmarks: return [.rememberBookmarks(world.bookmarks.filter { !ids.contains(String($0.key)) })]
        case .drafts:
            let current: [Effect] = ids.contains(ShelfKind.current) ? [.keepDraft(nil)] : []
            let aside = world.drafts.map(\.id).filter { ids.contains(String($0)) }
            return current + (aside.isEmpty ? [] : [.dropDrafts(aside)])
        case .templates: return ids.map { .deleteTemplate($0) }
        case .stores:
            return ids.map { id in
                let name = name(of: id, in: world)
                // 4.15.2 wants to know by which address the store knows the server.
                return .change(
                    Change(
                        method: "DELETE", path: "/algorithmstore/\(id)",
                        query: ["server_url": world.identity?.server ?? ""], doing: "deleting store \(name)",
                        done: "Store \(name) is deleted", reloads: reloads(in: world)))
            }
        }
    }

    // MARK: View

    var columns: [Column] { kind.columns }
    func cells(of row: ShelfRow, in world: World) -> [Span] { row.cells }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        canvas.region(panes.list) { canvas in
            guard rows.isEmpty else { return canvas.table(table(in: world)) }
            if !filterText.isEmpty {
                return canvas.paragraphs([("The filter hides all \(kind.rawValue). esc clears it.", .dim)])
            }
            let needs = needs(in: world)
            guard let subject = needs.first(where: { !world.federation.hasLoaded($0) }) ?? needs.first else {
                return canvas.paragraphs([(kind.empty, .dim)])
            }
            _ = canvas.placeholder(for: subject, isEmpty: true, empty: kind.empty, in: world)
        }
        drawDetail(on: &canvas, in: world)
    }

    func detail(in world: World) -> DetailText? {
        current.map { row in
            DetailText(
                title: "\(kind.noun) \(name(of: row.id, in: world))", note: "",
                facts: kind.facts(of: row.id, in: world).filter { !$0.1.text.isEmpty })
        }
    }
}
