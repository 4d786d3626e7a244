// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One run at the node: what it is, and its log as the container writes it.
struct SiteRunScreen: Screen {
    let run: Int
    private var pager = TextPager(following: true)
    private var errorsOnly = false

    init(run: Int) {
        self.run = run
    }

    var place: Place { .siteRun(run) }
    var contexts: [KeyContext] { [.siteRun, .text, .everywhere] }
    var filter: String? { pager.query }
    func title(in world: World) -> String { "Run \(run)" }

    func note(in world: World) -> [Span] {
        world.federation.site.run(run).map { [$0.span(world.glyphs)] } ?? []
    }

    func needs(in world: World) -> [Subject] { [.site(.status), .site(.runs), .site(.log(run))] }

    func stale(in world: World) -> [Subject] {
        let site = world.federation.site
        let isOver = site.run(run)?.isOver ?? false
        // The stream ends with the container, or with the node; then the log is asked for anew.
        let isCut = !isOver && !site.following.contains(run)
        return [.site(.status), .site(.runs)] + (isCut ? [.site(.log(run))] : [])
    }

    func grows(in world: World) -> Bool { world.federation.site.run(run)?.isOver != true }

    var isLog: Bool { true }

    private func lines(in world: World) -> FramedLines {
        guard let buffer = world.federation.logs[run] else { return FramedLines() }
        if errorsOnly {
            return FramedLines(head: buffer.droppedNote + buffer.lines.filter { RunLog.role($0) != .text })
        }
        return FramedLines(head: buffer.droppedNote, body: buffer.lines)
    }

    private func pane(_ size: Size) -> (facts: Rect, log: Rect) {
        let parts = Rect(size).split(top: size.rows >= 14 ? 5 : 1)
        return (parts.top, parts.rest)
    }

    private func textSize(in world: World) -> Size {
        let log = pane(world.body.size).log
        return Size(rows: max(1, log.rows - 2), columns: max(1, log.columns - 2))
    }

    mutating func setFilter(_ text: String, in world: World) {
        pager.search(text, lines: lines(in: world), size: textSize(in: world))
    }

    func refusal(of action: Action, in world: World) -> String? {
        guard action == .kill else { return nil }
        guard let known = world.federation.site.run(run) else { return "the node knows no run \(run)" }
        return known.isOver ? "the run is over (\(known.status?.rawValue ?? "done"))" : nil
    }

    func export(in world: World) -> Export? {
        let lines = lines(in: world)
        return lines.isEmpty ? nil : Export("run-\(run)", lines: Array(lines), ending: "log")
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        switch action {
        case .kill:
            return world.federation.site.run(run).map { [.ask(SiteTables.killDialog([$0], in: world))] } ?? []
        case .copy:
            let text = lines(in: world).joined(separator: "\n")
            if text.isEmpty { return [.say(.refusal("Cannot copy the text: there is none"))] }
            return [.run(.copy(text)), .say(.good("Copied the log"))]
        case .errorsOnly:
            errorsOnly.toggle()
            return []
        default:
            _ = pager.handle(action, lines: lines(in: world), size: textSize(in: world))
            return []
        }
    }

    func draw(on canvas: inout Canvas, in world: World) {
        guard let known = world.federation.site.run(run) else {
            let empty = "The node knows no run \(run). It keeps the journal of done runs for 30 days."
            _ = canvas.placeholder(for: .site(.runs), isEmpty: true, empty: empty, in: world)
            return
        }
        let panes = pane(canvas.size)
        canvas.region(panes.facts) { canvas in
            let who = [known.user.map { "user \($0)" }, known.organization.map { "organization \($0)" }]
            let facts: [(String, Span)] = [
                ("state", known.span(world.glyphs)), ("image", Span(known.image)),
                ("asked by", Span(who.compactMap { $0 }.joined(separator: ", "))),
                ("data", Span(known.databases.isEmpty ? "none" : known.databases.joined(separator: ", "))),
                (
                    "times",
                    Span(
                        "assigned \(world.clock(known.assignedAt))  started \(world.clock(known.startedAt))  ended \(world.clock(known.finishedAt))"
                    )
                ),
            ]
            canvas.facts(Array(facts.prefix(canvas.size.rows)))
        }
        canvas.region(panes.log) { canvas in
            let follow = grows(in: world) ? "follow \(pager.isFollowing ? "on" : "off") · " : ""
            let state = (errorsOnly ? "errors only · " : "") + follow + "wrap \(pager.isWrapping ? "on" : "off")"
            canvas.box("Log", note: known.note.isEmpty ? state : known.note, focused: true) { canvas in
                let lines = lines(in: world)
                if lines.isEmpty {
                    let nothing = known.isOver ? "The run left no log." : "Nothing has been logged yet."
                    canvas.paragraphs([(errorsOnly ? "No line warns or fails. E shows all." : nothing, .dim)])
                }
                canvas.pager(pager, lines: lines) { RunLog.role($0) }
            }
        }
    }
}
