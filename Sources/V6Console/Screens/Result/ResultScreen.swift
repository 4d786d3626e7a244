// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The results of a task, one organization at a time, opened on this machine.
struct ResultScreen: Screen {
    let task: Int
    private var chosen = 0
    private var view = ResultView()

    init(task: Int) {
        self.task = task
    }

    var place: Place { .result(task: task) }
    var contexts: [KeyContext] { [.result, .text, .everywhere] }
    func title(in world: World) -> String { "Result of task \(task)" }
    var filter: String? { view.pager.query }

    func note(in world: World) -> [Span] {
        guard let run = run(in: world) else { return [] }
        return [run.status.span(world.glyphs)]
    }

    func needs(in world: World) -> [Subject] {
        let finished = runs(in: world).filter(\.status.isFinished)
        return [.task(task), .runs(task: task)] + finished.map { .result(run: $0.id) }
    }

    func stale(in world: World) -> [Subject] {
        world.federation.tasks[task]?.status.isFinished == true ? [] : [.task(task), .runs(task: task)]
    }

    private func runs(in world: World) -> [Run] { world.federation.runs[task] ?? [] }

    private func run(in world: World) -> Run? {
        let runs = runs(in: world)
        return runs.indices.contains(chosen) ? runs[chosen] : runs.first
    }

    private func lines(in world: World) -> [String] {
        view.lines(content(in: world), columns: size(in: world).columns)
    }

    private func size(in world: World) -> Size {
        Size(rows: max(1, world.body.rows - 3), columns: max(1, world.body.columns - 4))
    }

    private func content(in world: World) -> DecodedResult.Content? {
        run(in: world).flatMap { world.federation.results[$0.id]?.content }
    }

    var isSortable: Bool { true }

    func refusal(of action: Action, in world: World) -> String? { view.refusal(of: action, content(in: world)) }

    mutating func pick(_ choice: String, in world: World) -> [Reaction] { view.pick(choice, content(in: world)) }

    mutating func setFilter(_ text: String, in world: World) {
        view.pager.search(text, lines: lines(in: world), size: size(in: world))
    }

    func hasParts(in world: World) -> Bool { runs(in: world).count > 1 }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        let count = max(1, runs(in: world).count)
        switch action {
        case .nextPane: chosen = (chosen + 1) % count
        case .previousPane: chosen = (chosen + count - 1) % count
        case .showResult: view.next(content(in: world))
        case .copy:
            return [.run(.copy(lines(in: world).joined(separator: "\n"))), .say(.good("Copied the result"))]
        default:
            if let reactions = view.handle(action, content(in: world)) { return reactions }
            _ = view.pager.handle(action, lines: lines(in: world), size: size(in: world))
        }
        return []
    }

    func export(in world: World) -> Export? {
        run(in: world).flatMap { world.federation.results[$0.id] }.flatMap { view.export($0) }
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let runs = runs(in: world)
        if canvas.placeholder(for: .runs(task: task), isEmpty: runs.isEmpty, empty: "This task has no runs.", in: world)
        {
            return
        }
        let shown = run(in: world)
        var column = 1
        for run in runs {
            let name = world.federation.organizationName(run.organization?.id)
            let isShown = run.id == shown?.id
            let text = isShown ? "[\(name)]" : " \(name) "
            column += canvas.line(
                [
                    Span(world.glyphs[run.status.glyph], run.status.role), Span(text, isShown ? .strong : .dim),
                    Span(" "),
                ],
                row: 0, column: column)
        }
        let opened = shown.flatMap { world.federation.results[$0.id] }
        let note = (opened?.wasEncrypted == true ? "decrypted here · " : "") + view.note(opened?.content)
        canvas.region(canvas.bounds.split(top: 1).rest) { canvas in
            canvas.box("Result of run \(shown?.id ?? 0)", note: note, focused: true) { canvas in
                canvas.region(canvas.bounds.inset(rows: 0)) {
                    view.draw(opened?.content, of: shown, focused: true, on: &$0, in: world)
                }
            }
        }
    }
}
