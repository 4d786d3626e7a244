// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What can be done with a task, wherever it shows.
enum TaskActions {
    /// What is done to a task.
    static let all: Set<Action> = [
        .kill, .rerun, .rerunWithEdits, .delete, .showLog, .showResult, .showInput, .timeline, .watch, .copy,
        .copyCommand,
        .showRaw,
    ]

    static func refusal(of action: Action, task: AlgorithmTask?, in world: World) -> String? {
        guard all.contains(action) else { return nil }
        guard let task else { return "there is no task here" }
        let runs = world.federation.runs[task.id] ?? []
        switch action {
        case .kill:
            if task.status.isFinished { return "the task is over (\(task.status.rawValue))" }
            return world.federation.refusalToKill
        case .rerun:
            if runs.isEmpty { return "its runs are not known yet" }
            return world.federation.refusalToCreateTasks
        case .rerunWithEdits: return world.federation.refusalToCreateTasks
        case .delete: return world.federation.refusalToDelete(task)
        case .showLog, .showInput: return runs.isEmpty ? "its runs are not known yet" : nil
        case .watch: return task.status.isFinished ? "the task is over (\(task.status.rawValue))" : nil
        default: return nil
        }
    }

    /// What is done to all marked tasks where some are; the rest is done to the one under the cursor.
    static let forSeveral: Set<Action> = [.kill, .rerun, .delete, .watch, .copy]

    /// Why an action can be done to none of the marked tasks; nil if it can.
    static func refusal(of action: Action, marked tasks: [Int], in world: World) -> String? {
        let areOver = open(tasks, in: world).isEmpty ? "the marked tasks are over" : nil
        return switch action {
        case .kill: areOver ?? world.federation.refusalToKill
        case .rerun: world.federation.refusalToCreateTasks
        case .delete:
            deletable(tasks, in: world).isEmpty
                ? tasks.lazy.compactMap { world.federation.tasks[$0] }.compactMap(world.federation.refusalToDelete)
                    .first
                : nil
        case .watch: areOver
        default: nil
        }
    }

    static func perform(_ action: Action, marked tasks: [Int], in world: World) -> [Reaction] {
        switch action {
        case .kill: [.ask(killDialog(open(tasks, in: world), in: world))]
        case .rerun where tasks.count > 1: [.ask(rerunDialog(tasks, in: world))]
        case .delete: [.ask(.deletion(of: deletable(tasks, in: world), in: world))]
        case .watch: open(tasks, in: world).map { .watch(task: $0) }
        case .copy: .copying(tasks.map(String.init))
        default: tasks.first.map { perform(action, task: $0, in: world) } ?? []
        }
    }

    /// Those that the user may delete.
    private static func deletable(_ tasks: [Int], in world: World) -> [Int] {
        tasks.filter { world.federation.tasks[$0].map(world.federation.refusalToDelete) == .some(nil) }
    }

    private static func open(_ tasks: [Int], in world: World) -> [Int] {
        tasks.filter { world.federation.tasks[$0]?.status.isFinished == false }
    }

    static func perform(_ action: Action, task id: Int, in world: World) -> [Reaction] {
        let runs = world.federation.runs[id] ?? []
        switch action {
        case .open: return [.open(.task(id))]
        case .showResult: return [.open(.result(task: id))]
        case .timeline: return [.open(.timeline(task: id))]
        case .showRaw: return [.open(.raw(.task(id)))]
        case .showLog:
            let run = runs.first { $0.status.isFailed } ?? runs.first { !$0.status.isFinished } ?? runs.first
            return run.map { [.open(.run($0.id))] } ?? []
        case .showInput: return runs.first.map { [.enter(.run($0.id), .showInput)] } ?? []
        case .kill: return [.ask(killDialog([id], in: world))]
        case .rerun: return [.ask(rerunDialog(id, in: world))]
        case .delete: return [.ask(.deletion(of: [id], in: world))]
        case .rerunWithEdits:
            return world.federation.tasks[id].map { [.open(.composer(ComposerDraft(draft(of: $0, in: world))))] } ?? []
        case .watch: return [.watch(task: id)]
        case .copy: return .copying([String(id)])
        case .copyCommand:
            guard let task = world.federation.tasks[id] else { return [] }
            return [.run(.copy(shellCommand(draft(of: task, in: world)))), .say(.good("Copied as a shell command"))]
        default: return []
        }
    }

    /// Says what dies, and what it costs.
    static func killDialog(_ tasks: [Int], in world: World) -> Dialog {
        let federation = world.federation
        var lines: [[Span]] = []
        var open = 0
        for id in tasks.prefix(8) {
            let task = federation.tasks[id]
            let runs = (federation.runs[id] ?? []).filter { !$0.status.isFinished }
            open += runs.count
            lines.append([
                Span("task \(id) "), Span(task?.name ?? "", .strong),
                Span("  running \(world.age(task?.createdAt))", .dim),
            ])
            if tasks.count == 1 {
                for run in runs.prefix(8) {
                    lines.append([
                        Span("  stops at \(federation.organizationName(run.organization?.id))  run \(run.id)", .dim)
                    ])
                }
            }
        }
        if tasks.count > 8 { lines.append([Span("and \(tasks.count - 8) more", .dim)]) }
        lines.append([Span("")])
        lines.append([Span("What these runs have computed so far is lost. Subtasks are killed too.")])
        let offline = Set(
            tasks.flatMap { id in
                (federation.runs[id] ?? []).filter { !$0.status.isFinished }.compactMap { run in
                    federation.node(
                        organization: run.organization?.id, collaboration: federation.tasks[id]?.collaboration?.id)
                }
            }.filter { !$0.isOnline }.map(\.name))
        if offline.isEmpty {
            lines.append([Span("The nodes are told at once; each says when it has stopped.", .dim)])
        } else {
            let names = offline.sorted().prefix(3).joined(separator: ", ") + (offline.count > 3 ? ", …" : "")
            let (verb, pronoun) = offline.count == 1 ? ("is", "it is") : ("are", "they are")
            lines.append([
                Span("\(names) \(verb) offline: what runs there stops only when \(pronoun) back.", .warning)
            ])
        }
        let title = tasks.count == 1 ? "Kill task \(tasks[0])?" : "Kill \(tasks.count) tasks?"
        return Dialog(
            title, lines: lines, consent: tasks.count == 1 ? .yes : .typing(String(tasks.count)), dangerous: true,
            effects: tasks.map { .kill(task: $0) })
    }

    static func rerunDialog(_ id: Int, in world: World) -> Dialog {
        let runs = world.federation.runs[id] ?? []
        let failed = runs.filter(\.status.isFailed)
        let shown = failed.isEmpty ? runs : failed
        let place = failed.isEmpty ? "at all its organizations:" : "at the organizations that failed:"
        var lines: [[Span]] = [[Span("The same image, databases and input, \(place)")]]
        for run in shown.prefix(10) {
            lines.append([
                Span("  \(world.federation.organizationName(run.organization?.id))  "),
                Span(run.status.rawValue, run.status.role),
            ])
        }
        if shown.count > 10 { lines.append([Span("  and \(shown.count - 10) more", .dim)]) }
        lines.append([Span("Results that are there already stay.", .dim)])
        var dialog = Dialog(
            "Run task \(id) again", lines: lines, effects: [.rerun(task: id, runs: shown.map(\.id))])
        if !failed.isEmpty, failed.count < runs.count {
            dialog.label = failed.count == 1 ? "only the failed one" : "only the \(failed.count) failed"
            dialog.alternative = Dialog.Alternative(
                key: "a", label: "all \(runs.count)", effects: [.rerun(task: id, runs: runs.map(\.id))])
        }
        return dialog
    }

    /// Several tasks anew, of each what failed, or all of it.
    static func rerunDialog(_ tasks: [Int], in world: World) -> Dialog {
        var effects: [Effect] = []
        var lines: [[Span]] = [[Span("Each with the same image, databases and input:")]]
        for id in tasks {
            let runs = world.federation.runs[id] ?? []
            let failed = runs.filter(\.status.isFailed)
            let again = failed.isEmpty ? runs : failed
            effects.append(.rerun(task: id, runs: again.map(\.id)))
            guard effects.count <= 8 else { continue }
            let part =
                failed.isEmpty ? "all of it" : "\(failed.count) of \(runs.count) that failed"
            lines.append([
                Span("  task \(id) "), Span(world.federation.tasks[id]?.name ?? "", .strong), Span("  \(part)", .dim),
            ])
        }
        if tasks.count > 8 { lines.append([Span("  and \(tasks.count - 8) more", .dim)]) }
        return Dialog(
            "Run \(tasks.count) tasks again", lines: lines, consent: .typing(String(tasks.count)), effects: effects)
    }

    /// A draft with what is known of a task; encrypted input stays unknown.
    static func draft(of task: AlgorithmTask, in world: World) -> TaskDraft {
        var draft = TaskDraft()
        draft.name = task.name ?? ""
        draft.image = task.image
        draft.collaboration = task.collaboration?.id ?? 0
        draft.study = task.study?.id
        draft.store = task.store?.id
        draft.databases = (task.databases ?? []).map(\.label)
        let runs = world.federation.runs[task.id] ?? []
        draft.organizations = runs.compactMap(\.organization?.id)
        if let text = runs.first?.input, let data = try? PlainText.decode(text),
            let input = try? JSONValue(parsing: data)
        {
            draft.method = input["method"]?.stringValue ?? ""
            draft.arguments = input["kwargs"]?.objectValue ?? JSONObject()
        }
        return draft
    }

    /// Text that holds what a terminal would obey, in the quotes of bash and zsh that spell it out; nil for other text.
    private static func escaped(_ text: String) -> String? {
        func isHidden(_ scalar: Unicode.Scalar) -> Bool {
            [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
        }
        guard text.unicodeScalars.contains(where: isHidden) else { return nil }
        let letters = text.unicodeScalars.map { scalar in
            switch scalar {
            case "'", "\\": "\\\(scalar)"
            case _ where isHidden(scalar):
                "\\U" + String(repeating: "0", count: max(0, 8 - String(scalar.value, radix: 16).count))
                    + String(scalar.value, radix: 16)
            default: String(Character(scalar))
            }
        }
        return "$'" + letters.joined() + "'"
    }

    /// The same task from a shell.
    static func shellCommand(_ draft: TaskDraft, separator: String = " ") -> String {
        func quote(_ text: String) -> String {
            if let escaped = Self.escaped(text) { return escaped }
            let plain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:@=,".contains($0)) }
            return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
        }
        var words = ["v6-console task create"]
        if !draft.name.isEmpty { words.append("--name \(quote(draft.name))") }
        words.append(draft.study.map { "--study \($0)" } ?? "--collaboration \(draft.collaboration)")
        if let store = draft.store { words.append("--store \(store)") }
        words.append("--image \(quote(draft.image))")
        if !draft.method.isEmpty { words.append("--method \(quote(draft.method))") }
        for id in draft.organizations { words.append("--org \(id)") }
        for label in draft.databases { words.append("--database \(quote(label))") }
        for (key, value) in draft.arguments {
            if case .string(let text) = value {
                words.append("--arg " + quote("\(key)=\(text)"))
            } else {
                words.append("--arg " + quote("\(key):=\(value.text())"))
            }
        }
        return words.joined(separator: separator)
    }
}
