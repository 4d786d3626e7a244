// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Where bookmarks lead and what is there now, and the views that were left last.
enum HomeBookmarks {
    /// One line, for little room.
    static func brief(in world: World) -> [Span] {
        let label = Span("bookmarks  ", .dim)
        if world.bookmarks.isEmpty { return [label, Span("none yet: m 1 in a view keeps it", .dim)] }
        return [label]
            + world.bookmarks.sorted { $0.key < $1.key }.flatMap { number, command in
                [Span("\(number) ", .key), Span("\(command)   ")]
            }
    }

    static func draw(on canvas: inout Canvas, in world: World) {
        let marks = world.bookmarks.sorted { $0.key < $1.key }
        if marks.isEmpty {
            let way = "No bookmarks yet: m and a number keep a view, the number alone goes there."
            canvas.text(way, row: 0, column: 1, role: .dim)
        }
        // All nine have room in two columns.
        let rows = max(1, canvas.size.rows - 1)
        let width = marks.count > rows ? canvas.size.columns / 2 : canvas.size.columns
        for (index, mark) in marks.enumerated() {
            let (name, state) = description(of: mark.value, in: world)
            let (row, left) = (index % rows, index / rows * width)
            let room = width * 2 / 5
            canvas.line([Span(" \(mark.key)  ", .key), Span(name)], row: row, column: left, columns: room)
            canvas.line(state, row: row, column: left + room + 2, columns: width - room - 3)
        }
        let recent = recent(in: world)
        let words = recent.isEmpty ? "no view yet" : recent.joined(separator: " \(world.glyphs[.dot]) ")
        canvas.line([Span(" recent  ", .dim), Span(words, .dim)], row: min(rows, max(1, marks.count)))
    }

    /// The last views without repetition, newest first.
    private static func recent(in world: World) -> [String] {
        var names: [String] = []
        for place in world.recent.reversed() where place != .home && names.count < 6 {
            if let name = name(of: place, in: world), !names.contains(name) { names.append(name) }
        }
        return names
    }

    private static func name(of place: Place, in world: World) -> String? {
        if case .node(let id) = place, let node = world.federation.nodes[id] { return "node \(node.name)" }
        return place.command
    }

    /// What a bookmark's command leads to, and how that is now.
    static func description(of text: String, in world: World) -> (name: String, state: [Span]) {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let word = parts.first, let command = ConsoleCommand.named(word) else { return (text, []) }
        let federation = world.federation
        let argument = parts.count > 1 ? parts[1] : ""
        switch command.verb {
        case .task, .result, .timeline, .raw:
            guard let task = Int(argument).flatMap({ federation.tasks[$0] }) else { break }
            let progress = TaskColumns.progress(federation.progress(of: task.id), world.glyphs)
            return ("\(text)  \(task.name ?? "")", [TaskColumns.status(task, in: world), Span("  "), progress])
        case .run:
            guard let run = Int(argument).flatMap({ federation.run($0) }) else { break }
            let name = federation.organizationName(run.organization?.id)
            return ("\(text)  \(name)", [run.status.span(world.glyphs)])
        case .nodes:
            if argument.isEmpty {
                let online = federation.nodes.values.count(where: \.isOnline)
                return (text, [Span("\(online)/\(federation.nodes.count) online")])
            }
            guard let node = federation.sortedNodes.first(where: { $0.name == argument || String($0.id) == argument })
            else { break }
            let name = federation.organizationName(node.organization?.id)
            return ("node \(node.name)", [world.span(of: node), Span("  \(name)", .dim)])
        case .tasks where argument.isEmpty:
            let open = federation.taskIDs.count { federation.tasks[$0]?.status.isFinished == false }
            return (text, [Span("\(federation.totalTasks ?? federation.taskIDs.count) in all, \(open) not over")])
        case .collaborations:
            let encrypted = federation.collaborations.values.count(where: \.encrypted)
            return (
                text,
                [
                    Span("\(federation.collaborations.count), \(encrypted) encrypted   "),
                    Span("\(federation.studies.count) studies"),
                ]
            )
        default: break
        }
        return (text, [Span(command.summary, .dim)])
    }
}
