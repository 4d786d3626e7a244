// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One run: its phases, its log as it comes, its result and its input.
struct RunScreen: Screen {
    enum Part: Int, CaseIterable, Sendable {
        case log, result, input
        var title: String { ["Log", "Result", "Input"][rawValue] }
    }

    let run: Int
    private(set) var part = Part.log
    private var logPager = TextPager(following: true)
    private var resultView = ResultView()
    private var inputPager = TextPager()
    private var log = RunLog()
    /// Only the part that has the focus shows.
    private var isFull = false

    init(run: Int) {
        self.run = run
    }

    var place: Place { .run(run) }
    var contexts: [KeyContext] { [.run, .text, .everywhere] }

    func title(in world: World) -> String {
        let name = world.federation.run(run).map { " " + world.federation.organizationName($0.organization?.id) } ?? ""
        return "Run \(run)" + name
    }

    func note(in world: World) -> [Span] {
        guard let run = world.federation.run(run) else { return [] }
        let took = run.seconds(at: world.now).map { "  " + Times.span($0) } ?? ""
        return [run.status.span(world.glyphs), Span(took, .dim)]
    }

    func needs(in world: World) -> [Subject] {
        guard let known = world.federation.run(run) else { return [.run(run)] + owner(in: world) }
        return [.run(run), .nodes] + owner(in: world) + (known.status.isFinished ? [.result(run: run)] : [])
            + (log.showsTimes || log.since != nil ? [.logTimes(run: run)] : [])
    }

    func stale(in world: World) -> [Subject] {
        world.federation.run(run)?.status.isFinished == true ? [] : [.run(run)]
    }

    private func owner(in world: World) -> [Subject] {
        guard let task = world.federation.taskOfRun[run] else { return [] }
        return [.task(task), .runs(task: task)]
    }

    /// A log grows until its run is over.
    func grows(in world: World) -> Bool { part == .log && logGrows(in: world) }

    private func logGrows(in world: World) -> Bool { world.federation.run(run)?.status.isFinished != true }

    var isLog: Bool { part == .log }

    // MARK: Keys

    func refusal(of action: Action, in world: World) -> String? {
        let known = world.federation.run(run)
        switch action {
        case .kill:
            if let known, known.status.isFinished { return "the run is over (\(known.status.rawValue))" }
            return world.federation.refusalToKill
        case .timestamps, .markLine, .sinceAll, .since1, .since5, .since15, .since30, .since60,
            .since360:
            return part == .log ? nil : "only in the log"
        case .sort, .reverse, .hideColumn:
            return part == .result
                ? resultView.refusal(of: action, content(in: world)) : "only in the result (v shows it)"
        default: return nil
        }
    }

    func name(of action: Action, in world: World) -> String? {
        action == .copy ? nil : TaskActions.name(of: action, run: run)
    }

    var filter: String? {
        switch part {
        case .log: logPager.query
        case .result: resultView.pager.query
        case .input: inputPager.query
        }
    }

    mutating func setFilter(_ text: String, in world: World) {
        let size = textSize(in: world)
        switch part {
        case .log: logPager.search(text, lines: lines(.log, in: world), size: size)
        case .result: resultView.pager.search(text, lines: lines(.result, in: world), size: size)
        case .input: inputPager.search(text, lines: lines(.input, in: world), size: size)
        }
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        let lines = lines(part, in: world)
        let size = textSize(in: world)
        switch action {
        case .nextPane: part = Part(rawValue: (part.rawValue + 1) % 3) ?? .log
        case .previousPane: part = Part(rawValue: (part.rawValue + 2) % 3) ?? .log
        case .showLog: part = .log
        case .showInput: part = .input
        case .showResult:
            if part == .result { resultView.next(content(in: world)) }
            part = .result
        case .errorsOnly: log.errorsOnly.toggle()
        case .timestamps: log.showsTimes.toggle()
        case .markLine: log.mark(run, in: world)
        case .sinceAll: log.since = nil
        case .since1: log.since = 60
        case .since5: log.since = 300
        case .since15: log.since = 900
        case .since30: log.since = 1_800
        case .since60: log.since = 3_600
        case .since360: log.since = 21_600
        case .fullScreen: isFull.toggle()
        case .showRaw: return [.open(.raw(.run(run)))]
        case .copy where lines.isEmpty: return [.say(.refusal("Cannot copy the text: there is none"))]
        case .copy: return [.run(.copy(lines.joined(separator: "\n"))), .say(.good("Copied \(lines.count) lines"))]
        case .kill:
            guard let task = world.federation.taskOfRun[run] else { return [] }
            return [.ask(TaskActions.killDialog([task], in: world))]
        default:
            switch part {
            case .log: _ = logPager.handle(action, lines: lines, size: size)
            case .result:
                if let reactions = resultView.handle(action, content(in: world)) { return reactions }
                _ = resultView.pager.handle(action, lines: lines, size: size)
            case .input: _ = inputPager.handle(action, lines: lines, size: size)
            }
        }
        return []
    }

    var isSortable: Bool { true }

    mutating func pick(_ choice: String, in world: World) -> [Reaction] {
        resultView.pick(choice, content(in: world))
    }

    func export(in world: World) -> Export? {
        if part == .result { return world.federation.results[run].flatMap { resultView.export($0) } }
        let lines = lines(part, in: world)
        return lines.isEmpty ? nil : Export("run-\(run)-\(part.title.lowercased())", lines: Array(lines))
    }

    private func content(in world: World) -> DecodedResult.Content? { world.federation.results[run]?.content }

    private func lines(_ part: Part, in world: World) -> FramedLines {
        guard let known = world.federation.run(run) else { return FramedLines() }
        switch part {
        case .log: return log.lines(of: known, in: world)
        case .result:
            return FramedLines(head: resultView.lines(content(in: world), columns: textSize(in: world).columns))
        case .input: return FramedLines(head: RunInputText.lines(of: known, in: world))
        }
    }

    // MARK: View

    func hasPanes(in world: World) -> Bool { true }

    /// Where the facts lie, and each part; one part alone where there is no room for all.
    private func panes(_ size: Size) -> (facts: Rect, parts: [Part: Rect]) {
        let top = Rect(size).split(top: isFull ? 0 : size.rows >= 14 ? 3 : 1)
        guard size.columns >= 140, !isFull else { return (top.top, [part: top.rest]) }
        let halves = top.rest.split(left: size.columns / 2)
        let side = halves.rest.split(bottom: min(14, halves.rest.rows / 3))
        return (top.top, [.log: halves.left, .result: side.rest, .input: side.bottom])
    }

    private func textSize(in world: World) -> Size {
        let pane = panes(world.body.size).parts[part] ?? Rect(world.body.size)
        return Size(rows: max(1, pane.rows - 2), columns: max(1, pane.columns - 4))
    }

    func draw(on canvas: inout Canvas, in world: World) {
        guard let known = world.federation.run(run) else {
            _ = canvas.placeholder(for: .run(run), isEmpty: true, empty: "There is no run \(run).", in: world)
            return
        }
        let panes = panes(canvas.size)
        canvas.region(panes.facts) { drawFacts(of: known, on: &$0, in: world) }
        for (part, pane) in panes.parts { canvas.region(pane) { draw(part, of: known, on: &$0, in: world) } }
    }

    private func drawFacts(of run: Run, on canvas: inout Canvas, in world: World) {
        let federation = world.federation
        let task = run.task.flatMap { federation.tasks[$0.id] }
        var facts = [
            Span(" status ", .dim), run.status.span(world.glyphs),
            Span("   org ", .dim), Span(federation.organizationName(run.organization?.id)),
            Span("   node ", .dim), Span(run.node?.name ?? "–"),
            Span("   task ", .dim), Span("\(run.task?.id ?? 0) \(task?.name ?? "")"),
        ]
        if let method = run.method { facts += [Span("   method ", .dim), Span(method)] }
        if let task { facts += [Span("   image ", .dim), Span(TaskColumns.shortImage(task.image))] }
        if let parent = task?.parent?.id { facts += [Span("   parent task ", .dim), Span(String(parent))] }
        if let job = task?.jobID { facts += [Span("   job ", .dim), Span(String(job))] }
        canvas.line(facts, row: 0)
        RunPhases(run: run, created: task?.createdAt).draw(row: 1, on: &canvas, in: world)
        if let reason = federation.reason(for: run, task: task) {
            canvas.line([Span(" why ", .dim), Span(reason, run.status.role)], row: 2)
        }
    }

    private func draw(_ part: Part, of run: Run, on canvas: inout Canvas, in world: World) {
        let isAlone = canvas.size.columns == world.size.columns
        let tabs = Part.allCases.map { $0 == self.part ? "[\($0.title)]" : $0.title }.joined(separator: "  ")
        canvas.box(isAlone ? tabs : part.title, note: note(of: part, in: world), focused: part == self.part) { canvas in
            canvas.region(canvas.bounds.inset(rows: 0)) { canvas in
                switch part {
                case .log: log.draw(run, pager: logPager, on: &canvas, in: world)
                case .result:
                    resultView.draw(
                        content(in: world), of: run, focused: self.part == .result, on: &canvas, in: world)
                case .input: canvas.pager(inputPager, lines: RunInputText.lines(of: run, in: world))
                }
            }
        }
    }

    private func note(of part: Part, in world: World) -> String {
        switch part {
        case .log:
            let search = logPager.query.isEmpty ? "" : "\(logPager.matches(in: lines(.log, in: world))) found · "
            var filter = log.errorsOnly ? "errors only · " : ""
            if let since = log.since { filter += "last \(Times.span(since)) · " }
            let follow = logGrows(in: world) ? "follow \(logPager.isFollowing ? "on" : "off") · " : ""
            return search + filter + follow + "wrap \(logPager.isWrapping ? "on" : "off")"
        case .result:
            let opened = world.federation.results[run]?.wasEncrypted == true ? "decrypted here · " : ""
            return opened + resultView.note(content(in: world))
        case .input: return ""
        }
    }
}
