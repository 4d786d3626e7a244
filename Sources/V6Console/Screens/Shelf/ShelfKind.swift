// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What a person, or a collaboration, keeps to go back to: a list each.
enum ShelfKind: String, Hashable, Sendable, CaseIterable {
    case bookmarks, drafts, templates, stores

    /// One of them.
    var noun: String {
        switch self {
        case .bookmarks: "bookmark"
        case .drafts: "draft"
        case .templates: "template"
        case .stores: "store"
        }
    }

    var title: String { self == .stores ? "Algorithm stores" : rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    /// What stands where the list is empty: how something comes into it.
    var empty: String {
        switch self {
        case .bookmarks: "No bookmarks yet. m and a number in a view keep it; the number alone goes there."
        case .drafts: "No drafts. What was begun in the composer and not sent is kept here. n composes a task."
        case .templates: "No templates yet. n composes a task, and ctrl-t there keeps it as a template."
        case .stores: "No algorithm store is linked to your collaborations. n composes a task from an image."
        }
    }

    var columns: [Column] {
        switch self {
        case .bookmarks:
            [Column("KEY", 3), Column("VIEW", 20, upTo: 44, names: true), Column("NOW", 12, upTo: 60, priority: 1)]
        case .drafts: Self.taskColumns + [Column("KEPT", 15, upTo: 18, align: .trailing)]
        case .templates: Self.taskColumns + [Column("AGE", 6, align: .trailing)]
        case .stores:
            [
                Column("ID", 4), Column("NAME", 10, upTo: 28, names: true),
                Column("ADDRESS", 14, upTo: 48, priority: 2),
                Column("COLLABORATIONS", 14, upTo: 36, priority: 3), Column("ANSWERS", 8, upTo: 22),
                Column("ALGORITHMS", 10, priority: 1, align: .trailing),
            ]
        }
    }

    /// What a task is to be.
    private static let taskColumns = [
        Column("NAME", 14, upTo: 36, names: true), Column("IMAGE", 14, upTo: 40, priority: 1),
        Column("METHOD", 8, upTo: 20, priority: 3), Column("COLLABORATION", 13, upTo: 24, priority: 2),
    ]

    func rows(in world: World) -> [ShelfRow] {
        switch self {
        case .bookmarks:
            world.bookmarks.sorted { $0.key < $1.key }.map { number, command in
                let (name, state) = HomeBookmarks.description(of: command, in: world)
                let now = Span(state.map(\.text).joined(), state.first?.role ?? .text)
                return ShelfRow(id: String(number), cells: [Span(String(number), .key), Span(name), now])
            }
        case .drafts: Self.drafts(in: world).map { Self.row($0, in: world) }
        case .templates:
            world.federation.templates.map { template in
                let task = template.task
                return ShelfRow(
                    id: template.name,
                    cells: [
                        Span(template.name),
                        template.fault == nil ? Self.image(task?.image) : Span("cannot be used", .bad),
                        Span(task?.method ?? "", .dim), Span(task?.collaboration ?? "", .dim),
                        Span(
                            world.age(template.at), .dim, order: template.at.map { world.now.seconds(since: $0) }),
                    ])
            }
        case .stores: Self.stores(in: world).map { Self.row($0, in: world) }
        }
    }

    private static func image(_ image: String?) -> Span { Span(image.map { TaskColumns.shortImage($0) } ?? "", .dim) }

    // MARK: Drafts

    /// The identifier of what stands in the composer.
    static let current = "composer"

    /// All drafts by their identifiers: what stands in the composer first.
    static func drafts(in world: World) -> [(id: String, draft: ComposerDraft, at: Timestamp?)] {
        [world.draft.map { (current, $0, nil) }].compactMap(\.self)
            + world.drafts.map { (String($0.id), $0.draft, $0.at) }
    }

    private static func row(_ kept: (id: String, draft: ComposerDraft, at: Timestamp?), in world: World) -> ShelfRow {
        let draft = kept.draft
        return ShelfRow(
            id: kept.id,
            cells: [
                Span(draft.name.isEmpty ? "without a name" : draft.name, draft.name.isEmpty ? .dim : .text),
                image(draft.image), Span(draft.method, .dim),
                Span(draft.collaboration.map { world.federation.collaborationName($0) } ?? "", .dim),
                Span(
                    kept.at.map { "\(world.age($0)) ago" } ?? "in the composer", kept.at == nil ? .good : .dim,
                    order: kept.at.map { world.now.seconds(since: $0) } ?? 0),
            ])
    }

    // MARK: Stores

    /// A store, and the collaborations that are linked to it.
    struct Linked {
        let store: AlgorithmStore
        let collaborations: [Int]
    }

    static func stores(in world: World) -> [Linked] {
        var links: [Int: Linked] = [:]
        for (collaboration, stores) in world.federation.stores.sorted(by: { $0.key < $1.key }) {
            for store in stores {
                links[store.id] = Linked(
                    store: store, collaborations: (links[store.id]?.collaborations ?? []) + [collaboration])
            }
        }
        return links.values.sorted { ($0.store.name, $0.store.id) < ($1.store.name, $1.store.id) }
    }

    private static func row(_ linked: Linked, in world: World) -> ShelfRow {
        let federation = world.federation
        let store = linked.store
        let names = linked.collaborations.map { federation.collaborationName($0) }.joined(separator: ", ")
        let offered = federation.algorithms[store.id]?.count
        return ShelfRow(
            id: String(store.id),
            cells: [
                Span(String(store.id)), Span(store.name), Span(store.url, .dim), Span(names, .dim),
                answer(of: store, in: world), Span(offered.map(String.init) ?? "–", order: offered.map(Double.init)),
            ])
    }

    /// Whether a store answers, as the last question to it went.
    private static func answer(of store: AlgorithmStore, in world: World) -> Span {
        let subject = Subject.algorithms(store: store.id)
        guard let fault = world.federation.loads[subject]?.fault else {
            let isThere = world.federation.hasLoaded(subject)
            return isThere ? Span("\(world.glyphs[.completed]) yes", .good) : Span("asked …", .dim)
        }
        let reason = fault.kind == .forbidden ? "refuses" : fault.kind == .unreachable ? "no answer" : "fails"
        return Span("\(world.glyphs[.failed]) \(reason)", .bad)
    }
}

/// One line of such a list.
struct ShelfRow: Hashable, Sendable {
    /// The number of a bookmark or a store, the name of a template.
    var id: String
    var cells: [Span]
}
