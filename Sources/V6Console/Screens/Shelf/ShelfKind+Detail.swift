// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension ShelfKind {
    /// What is known of one row.
    func facts(of id: String, in world: World) -> [(String, Span)] {
        switch self {
        case .bookmarks:
            guard let command = Int(id).flatMap({ world.bookmarks[$0] }) else { return [] }
            let (name, state) = HomeBookmarks.description(of: command, in: world)
            return [
                ("key", Span(id, .key)), ("command", Span(":\(command)")), ("leads to", Span(name)),
                ("now", Span(state.map(\.text).joined())),
            ]
        case .drafts:
            guard let kept = Self.drafts(in: world).first(where: { $0.id == id }) else { return [] }
            return Self.facts(of: kept.draft, in: world)
                + [
                    (
                        "kept",
                        Span(kept.at.map { Times.stamp($0, at: world.now, zone: world.zone) } ?? "in the composer")
                    )
                ]
        case .templates:
            guard let template = world.federation.templates.first(where: { $0.name == id }) else { return [] }
            if let fault = template.fault {
                return fault.split(separator: "\n").map { ("", Span(String($0).trimmed, .bad)) }
            }
            guard let task = template.task else { return [] }
            let organizations = task.allOrganizations ? "all" : task.organizations.joined(separator: ", ")
            return [
                ("name", Span(task.name ?? "")), ("image", Span(task.image ?? "")), ("method", Span(task.method ?? "")),
                ("arguments", Span(TaskArguments.text(task.arguments))),
                ("databases", Span(task.databases.map(\.label).joined(separator: ", "))),
                ("collaboration", Span(task.collaboration ?? "")), ("study", Span(task.study ?? "")),
                ("run at", Span(organizations)),
            ]
        case .stores:
            guard let linked = Self.stores(in: world).first(where: { String($0.store.id) == id }) else { return [] }
            let subject = Subject.algorithms(store: linked.store.id)
            let fault = world.federation.loads[subject]?.fault
            let offered = world.federation.algorithms[linked.store.id] ?? []
            return [
                ("address", Span(linked.store.url)),
                (
                    "linked to",
                    Span(linked.collaborations.map { world.federation.collaborationName($0) }.joined(separator: ", "))
                ),
            ] + (fault.map { [("", Span($0.message, .bad)), ("", Span($0.advice, .dim))] } ?? [])
                + offered.enumerated().map { index, algorithm in
                    (index == 0 ? "algorithms" : "", Span("\(algorithm.name)  \(algorithm.functions.count) functions"))
                }
        }
    }

    private static func facts(of draft: ComposerDraft, in world: World) -> [(String, Span)] {
        let federation = world.federation
        let fields = draft.fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
        return [
            ("name", Span(draft.name)), ("image", Span(draft.image)), ("method", Span(draft.method)),
            ("arguments", Span(draft.arguments.isEmpty ? fields : draft.arguments)),
            ("databases", Span(draft.databases)),
            ("collaboration", Span(draft.collaboration.map { federation.collaborationName($0) } ?? "")),
            ("study", Span(draft.study.map { federation.studies[$0]?.name ?? String($0) } ?? "")),
            ("run at", Span(draft.organizations.map { federation.organizationName($0) }.joined(separator: ", "))),
        ]
    }

    /// One row as JSON; empty where it is not there any more.
    func json(of id: String, in world: World) throws -> String {
        switch self {
        case .bookmarks:
            guard let number = Int(id), let command = world.bookmarks[number] else { return "" }
            let object: JSONValue = ["number": JSONValue(number), "command": .string(command)]
            return object.text(.pretty)
        case .drafts: return try Self.drafts(in: world).first { $0.id == id }.map { try RawObject.text($0.draft) } ?? ""
        case .templates:
            let task = world.federation.templates.first { $0.name == id }?.task
            return task?.document(names: NameIndex()).text(.pretty) ?? ""
        case .stores:
            return try Self.stores(in: world).first { String($0.store.id) == id }.map { try RawObject.text($0.store) }
                ?? ""
        }
    }
}
