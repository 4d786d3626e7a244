// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Dialog {
    /// Asks before tasks are deleted: the name must be typed, or how many they are.
    static func deletion(of tasks: [Int], in world: World) -> Dialog {
        let federation = world.federation
        let records = tasks.map { Record(kind: .task, id: $0, name: federation.tasks[$0]?.name ?? "") }
        let effects = tasks.map { Effect.change(.deletion(of: .task, $0, named: "Task \($0)")) }
        let running = tasks.filter { federation.tasks[$0]?.status.isFinished == false }
        let isOne = tasks.count == 1
        var lines: [[Span]] =
            isOne
            ? what(goesWith: tasks[0], in: federation)
            : list(records) { "task \($0.id)  \($0.name)" }
                + [[Span("With each go \(RecordKind.task.dependents),")], [Span("at the server and for everybody.")]]
        if !running.isEmpty {
            let many = running.count > 1
            let which = isOne ? "It is" : "\(running.count) of them \(many ? "are" : "is")"
            lines.append([Span("\(which) not over: \(many ? "they are" : "it is") killed first.", .warning)])
        }
        lines.append([Span("This cannot be taken back.", .bad)])
        return Dialog(
            isOne ? "Delete task \(tasks[0])?" : "Delete \(tasks.count) tasks?", lines: lines,
            consent: .typing(isOne ? word(for: records[0]) : String(tasks.count)), dangerous: true, effects: effects)
    }

    /// What is lost with a task, as far as it is known here.
    private static func what(goesWith id: Int, in federation: Federation) -> [[Span]] {
        let runs = federation.runs[id]?.count
        let subtasks = federation.children[id]?.count
        func count(_ number: Int?, _ noun: String) -> String {
            number.map { $0 == 1 ? "1 \(noun)" : "\($0) \(noun)s" } ?? "its \(noun)s"
        }
        return [
            [Span("task \(id) "), Span(federation.tasks[id]?.name ?? "", .strong)],
            [Span("With it go \(count(runs, "run")) with logs and results, and \(count(subtasks, "subtask")),")],
            [Span("at the server and for everybody.")],
        ]
    }

    /// The name where one can type it, else the number.
    private static func word(for record: Record) -> String {
        let isTypeable = record.name.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && record.name.utf8.count <= 40
        let isTrimmed = record.name == record.name.split(separator: " ").joined(separator: " ")
        return isTypeable && isTrimmed && !record.name.isEmpty ? record.name : String(record.id)
    }
}
