// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension TaskActions {
    /// What an action on a task is called.
    static func name(of action: Action, task id: Int, in world: World) -> String? {
        switch action {
        case .open: return "Open task \(id)"
        case .rerun:
            let runs = world.federation.runs[id] ?? []
            let failed = runs.count(where: \.status.isFailed)
            return "Re-run task \(id)" + (failed > 0 && failed < runs.count ? " only failed runs" : "")
        case .rerunWithEdits: return "Re-run task \(id) with edits…"
        case .kill: return "Kill task \(id)…"
        case .delete: return "Delete task \(id)…"
        case .showLog: return "Log of task \(id)"
        case .showResult: return "Result of task \(id)"
        case .showInput: return "Input of task \(id)"
        case .timeline: return "View: Timeline of task \(id)"
        case .watch: return world.watched.contains(id) ? "Stop watching task \(id)" : "Watch task \(id)"
        case .showRaw: return "JSON of task \(id)"
        case .copy: return "Copy number of task \(id)"
        case .copyCommand: return "Copy task \(id) as shell command"
        default: return nil
        }
    }

    /// What an action on all marked tasks is called.
    static func name(of action: Action, marked count: Int) -> String? {
        switch action {
        case .rerun: "Re-run marked tasks (\(count))…"
        case .kill: "Kill marked tasks (\(count))…"
        case .delete: "Delete marked tasks (\(count))…"
        case .watch: "Watch marked tasks (\(count))"
        case .copy: "Copy numbers of marked tasks (\(count))"
        default: nil
        }
    }

    /// What an action on a run is called.
    static func name(of action: Action, run id: Int) -> String? {
        switch action {
        case .open: "Open run \(id)"
        case .rerun: "Re-run run \(id)"
        case .kill: "Kill the task of run \(id)…"
        case .showLog: "Log of run \(id)"
        case .showResult: "Result of run \(id)"
        case .showInput: "Input of run \(id)"
        case .showRaw: "JSON of run \(id)"
        case .copy: "Copy number of run \(id)"
        default: nil
        }
    }
}
