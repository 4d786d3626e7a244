// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The nodes that are off or lag: since when, what they keep waiting, and whom to ask.
struct NodeWarnings {
    private struct Warning {
        let node: Node
        /// Runs that wait for it, and a task of them.
        let blocked: Int
        let task: Int?
    }

    private var warnings: [Warning] = []

    init() {}

    init(in world: World) {
        let federation = world.federation
        for node in federation.sortedNodes where !node.isOnline {
            let known = federation.openRuns(on: node)
            let ids = Set(known.map(\.id))
            let others = (federation.runsOfNode[node.id] ?? []).filter { !$0.status.isFinished && !ids.contains($0.id) }
            let task = (known + others).lazy.compactMap { $0.task?.id ?? federation.taskOfRun[$0.id] }.first
            warnings.append(Warning(node: node, blocked: ids.count + others.count, task: task))
        }
        // Those that keep somebody waiting come first.
        warnings.sort { ($1.blocked, $0.node.name) < ($0.blocked, $1.node.name) }
    }

    /// As many lines as there is room for; with whom to ask where they are wide.
    func lines(_ room: Int, wide: Bool, in world: World) -> [[Span]] {
        var lines: [[Span]] = []
        if room <= 0 { return lines }
        let late = world.federation.lateNodes(at: world.now)
        // One line is theirs where both kinds are there.
        let kept = late.isEmpty || warnings.isEmpty ? 0 : 1
        let room = max(1, room - kept)
        for (index, warning) in warnings.enumerated() {
            let contact = wide ? Self.contact(of: warning.node, in: world) : nil
            let isLast = index == warnings.count - 1
            if lines.count + (contact == nil ? 1 : 2) + (isLast ? 0 : 1) > room, index > 0 {
                lines.append([Span("! ", .warning), Span("\(warnings.count - index) more offline", .dim)])
                break
            }
            lines.append(Self.line(warning, wide: wide, in: world))
            if let contact, lines.count < room { lines.append([Span("  contact: \(contact)", .dim)]) }
        }
        lines = Array(lines.prefix(room))
        return lines + Self.lines(ofLate: late, room + kept - lines.count, wide: wide, in: world)
    }

    private static func lines(ofLate nodes: [Node], _ room: Int, wide: Bool, in world: World) -> [[Span]] {
        if room <= 0 { return [] }
        let hidden = nodes.count > room ? nodes.count - room + 1 : 0
        let lines = nodes.prefix(nodes.count - hidden).compactMap { node in
            world.federation.lateness(of: node, at: world.now).map { lag in
                [Span("! ", .warning), Span("\(node.name) \(world.warning(ofLag: lag, wide: wide))", .warning)]
            }
        }
        return lines + (hidden == 0 ? [] : [[Span("! ", .warning), Span("\(hidden) more lagging", .warning)]])
    }

    private static func line(_ warning: Warning, wide: Bool, in world: World) -> [Span] {
        let since = warning.node.lastSeen.map { " \(world.age($0))" } ?? ""
        var words = warning.node.name
        if wide || warning.blocked == 0 { words += " offline\(since)" }
        guard warning.blocked > 0 else { return [Span("! ", .warning), Span(words, .dim)] }
        let runs = "\(warning.blocked) run" + (warning.blocked == 1 ? "" : "s")
        words += "\(wide ? " \(world.glyphs[.dot])" : "") blocks \(runs)"
        if wide, let task = warning.task {
            words += warning.blocked == 1 ? " of task \(task)" : ", of task \(task) first"
        }
        return [Span("! ", .warning), Span(words, .warning)]
    }

    /// A person of the organization, or where it is on the network, as far as the server tells.
    private static func contact(of node: Node, in world: World) -> String? {
        guard let id = node.organization?.id, let organization = world.federation.organizations[id] else { return nil }
        let people = world.federation.surroundings.users.filter { $0.organization?.id == id }
        let reachable = people.first { $0.email?.isEmpty == false }
        let place = reachable.map { "\($0.username)  \($0.email ?? "")" } ?? organization.domain ?? ""
        return place.isEmpty ? nil : "\(organization.name)  \(place)"
    }
}
