// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What can be done with several runs at once, wherever they were marked.
struct RunMarks {
    let runs: [Int]

    static let actions: Set<Action> = [.kill, .rerun, .copy]

    /// The tasks of those runs of which some are not over.
    ///
    /// 4.15.2 kills whole tasks only.
    private func openTasks(in world: World) -> [Int] {
        let open = runs.filter { world.federation.run($0)?.status.isFinished == false }
        return Set(open.compactMap { world.federation.taskOfRun[$0] }).sorted(by: >)
    }

    func refusal(of action: Action, in world: World) -> String? {
        switch action {
        case .kill: openTasks(in: world).isEmpty ? "the marked runs are over" : world.federation.refusalToKill
        case .rerun: world.federation.refusalToCreateTasks
        default: nil
        }
    }

    func perform(_ action: Action, in world: World) -> [Reaction] {
        switch action {
        case .kill:
            var dialog = TaskActions.killDialog(openTasks(in: world), in: world)
            dialog.lines.append([Span("A run cannot be killed alone: its task is.", .warning)])
            return [.ask(dialog)]
        case .rerun: return [.ask(rerunDialog(in: world))]
        case .copy: return .copying(runs.map(String.init))
        default: return []
        }
    }

    /// The marked runs anew: of each task a new one with just those.
    private func rerunDialog(in world: World) -> Dialog {
        let federation = world.federation
        let byTask = Dictionary(grouping: runs) { federation.taskOfRun[$0] ?? 0 }.sorted { $0.key > $1.key }
        let lines = Dialog.list(runs) { id in
            let run = federation.run(id)
            return "run \(id)  \(federation.organizationName(run?.organization?.id))  \(run?.status.rawValue ?? "")"
        }
        return Dialog(
            "Run \(runs.count == 1 ? "run \(runs[0])" : "\(runs.count) runs") again",
            lines: [[Span("The same image, databases and input, at the organizations marked:")]] + lines
                + [[Span("Results that are there already stay.", .dim)]],
            consent: runs.count == 1 ? .yes : .typing(String(runs.count)),
            effects: byTask.map { .rerun(task: $0.key, runs: $0.value) })
    }
}
