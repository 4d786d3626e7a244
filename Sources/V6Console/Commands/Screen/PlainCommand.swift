// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `--plain VIEW` for views that are more than one list: line by line, nothing to align, for whoever listens to it.
struct PlainCommand: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "plain", abstract: "Print a view line by line, for a screen reader.",
        discussion: .help(
            "Views: \(views).", examples: "--plain home", "--plain tasks", "--plain task 12", "--plain timeline 12"))

    /// A view that no list of one noun stands for.
    enum View: String, ExpressibleByArgument, CaseIterable, Sendable {
        case home, events, timeline, map, whoami, bookmarks, drafts, templates, stores
    }

    /// All that can stand behind `--plain`: lists and single objects are those of the nouns.
    private static let views =
        (View.allCases.map(\.rawValue) + ["doctor", "log RUN", "result TASK"] + CommandAliases.plurals)
        .joined(separator: ", ")

    @Argument(
        help: "The view.", completion: .list(View.allCases.map(\.rawValue)),
        transform: { word in
            guard let view = View(rawValue: word) else {
                throw ValidationError("There is no view \(word). There is: \(views).")
            }
            return view
        })
    var view: View

    @Argument(help: ArgumentHelp("The task, for timeline and map.", valueName: "task"), completion: .values(of: .task))
    var reference: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    func run(in context: CommandContext) async throws {
        var task: Int?
        if view == .timeline || view == .map {
            guard let reference else {
                throw ConsoleFailure(.usage, "Which task?", advice: "Write --plain \(view.rawValue) 12.")
            }
            task = try await context.identifier(of: reference, TaskResource.self)
            _ = try await context.records.one("/task/\(task ?? 0)")
        }
        // A wide screen asks for all there is to show.
        var screen = try context.headless(size: Size(rows: 60, columns: 200), account: account)
        await screen.start()
        await screen.execute(task.map { "timeline \($0)" } ?? view.rawValue)
        let lines = PlainView(world: screen.app.model.world).lines(view, task: task ?? 0)
        try context.console.output.put(lines.map { SafeText.line($0) + "\n" }.joined())
    }
}

/// A view as `Name: value` lines.
struct PlainView {
    let world: World

    private var federation: Federation { world.federation }

    func lines(_ view: PlainCommand.View, task: Int) -> [String] {
        switch view {
        case .home: home
        case .events: events(200)
        case .timeline: timeline(task)
        case .map: map(task)
        case .whoami: whoami
        case .bookmarks: kept(.bookmarks)
        case .drafts: kept(.drafts)
        case .templates: kept(.templates)
        case .stores: kept(.stores)
        }
    }

    private var home: [String] {
        let nodes = federation.sortedNodes
        let mine = federation.taskIDs.compactMap { federation.tasks[$0] }.filter {
            $0.initUser?.id == federation.surroundings.userID
        }
        let figures = HomeFigures(tasks: mine.map(\.id), in: world)
        var lines = ["Server: \(world.identity?.server ?? "")", "User: \(federation.surroundings.username)"]
        let late = federation.lateNodes(at: world.now)
        let lagging = late.isEmpty ? "" : ", \(late.count) lagging"
        lines.append("Nodes: \(nodes.count(where: \.isOnline)) of \(nodes.count) online\(lagging)")
        lines += nodes.map { node in
            let lag = federation.lateness(of: node, at: world.now).map { "lagging \(Times.whole($0))" }
            let state = lag ?? node.status ?? "never seen"
            return "Node: \(node.name), \(state), \(federation.organizationName(node.organization?.id))"
        }
        lines += figures.warnings.lines(.max, wide: true, in: world).map { "Warning: \($0.map(\.text).joined())" }
        lines.append("My tasks: \(mine.count), \(mine.count { !$0.status.isFinished }) active")
        lines += mine.prefix(20).map(line)
        let tasks = figures.tasks
        lines.append("Today: \(tasks.completed) completed, \(tasks.failed) failed, \(tasks.killed) killed")
        lines.append("Queue: \(Self.value(of: tasks.queue(in: world)))")
        lines.append("Next: \(Self.value(of: tasks.expectation(in: world)))")
        lines += figures.trend?.facts(in: world).map { "Runs, \($0.0): \($0.1.text)" } ?? []
        return lines + events(20)
    }

    /// What stands behind the name of a line.
    private static func value(of line: [Span]) -> String { line.dropFirst().map(\.text).joined() }

    private func line(_ task: AlgorithmTask) -> String {
        let progress = federation.progress(of: task.id).map { ", \($0.finished) of \($0.total) runs over" } ?? ""
        let note = federation.note(of: task).map { ", \($0)" } ?? ""
        return
            "Task: \(task.id), \(task.name ?? ""), \(task.status.rawValue)\(progress), \(world.age(task.createdAt)) ago\(note)"
    }

    private func events(_ count: Int) -> [String] {
        let events = federation.chronicle.suffix(count).reversed()
        return ["Events: \(events.count)"] + events.map { "Event: \(world.clock($0.at)), \($0.text)" }
    }

    private func timeline(_ id: Int) -> [String] {
        let timeline = Timeline(task: id, in: world)
        let task = federation.tasks[id]
        var lines = ["Task: \(id), \(task?.name ?? ""), \(task?.status.rawValue ?? "")"]
        for lane in timeline.lanes {
            for bar in lane.bars {
                let waited = Times.span((bar.started ?? bar.ended).seconds(since: bar.created))
                let worked = bar.started.map { ", computed \(Times.span(bar.ended.seconds(since: $0)))" } ?? ""
                let offline = bar.isOffline ? ", its node is offline" : ""
                lines.append(
                    "Run: \(bar.run), \(lane.name), \(bar.status.rawValue), from \(world.clock(bar.created)), "
                        + "waited \(waited)\(worked)\(offline)")
            }
        }
        for (index, end) in timeline.rounds.enumerated() {
            lines.append("Round \(index + 1): " + (end.map { "ended \(world.clock($0))" } ?? "in progress"))
        }
        for part in timeline.parts.percents { lines.append("Time: \(part.name), \(part.percent) percent") }
        return lines
            + timeline.shares.map {
                "Holds up: \($0.name), \(Int(($0.part * 100).rounded())) percent of the waiting, \($0.note)"
            }
    }

    private func map(_ id: Int) -> [String] {
        let map = FederationMap(around: id, count: 12, in: world)
        return map.rows.map { row in
            let cells = zip(map.tasks, row.cells).map { task, status in
                "task \(task) \(status?.rawValue ?? "not asked")"
            }
            return "\(row.name): \(cells.joined(separator: ", "))"
        }
    }

    private func kept(_ kind: ShelfKind) -> [String] {
        let rows = kind.rows(in: world)
        if rows.isEmpty { return [kind.empty] }
        return rows.map { row in
            let cells = row.cells.map(\.text).filter { !$0.isEmpty }.joined(separator: ", ")
            return "\(kind.noun.prefix(1).uppercased() + kind.noun.dropFirst()): \(cells)"
        }
    }

    private var whoami: [String] {
        let surroundings = federation.surroundings
        return [
            "Server: \(world.identity?.server ?? "")", "Version: \(surroundings.serverVersion ?? "unknown")",
            "User: \(surroundings.username), number \(surroundings.userID.map(String.init) ?? "unknown")",
            "Organization: \(federation.organizationName(surroundings.organizationID))",
            "Private key: \(world.identity?.hasPrivateKey == true ? "loaded" : "none")",
        ] + (surroundings.permissions?.lines ?? []).map { "Rule: \($0)" }
    }
}
