// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A task as clients see it, with everything looked up that stands in it.
struct TaskObject: JSONWritable {
    /// What the runs of a task say about it.
    struct Progress {
        var statuses: [RunStatus] = []
        /// When the last run ended, as the database holds it.
        var finishedAt: String?

        /// Takes one more run into account, or several of the same status.
        mutating func add(status: String?, finishedAt moment: String?) {
            statuses.append(RunStatus(stored: status))
            if let moment { finishedAt = max(finishedAt ?? "", moment) }
        }
    }

    /// A database that a task wants, as a row of its columns.
    struct Database: JSONWritable {
        let row: SQLRow

        func write(to json: inout JSONText) {
            json.openObject()
            json.member("label", text: row, 1)
            json.member("parameters", text: row, 2)
            json.closeObject()
        }
    }

    let task: TaskRecord
    let links: Links
    let progress: Progress
    let databases: [Database]
    /// The runs, where they are to stand inside; else there is a link.
    let runs: [RunObject]?
    /// The results, where they are to stand inside; else there is a link.
    let results: [ResultObject]?
    /// Whether runs are named at all: not where a task stands inside a run (4.15.2).
    let namesRuns: Bool

    func write(to json: inout JSONText) {
        let status = RunStatus.ofTask(progress.statuses)
        json.openObject()
        json.member("status", status.rawValue)
        json.member("finished_at", time: status == .completed ? progress.finishedAt : nil)
        json.name("collaboration")
        links.write(.collaboration, task.collaborationID, to: &json)
        if namesRuns {
            json.name("runs")
            write(runs, or: "/run?task_id=", to: &json)
        }
        json.name("results")
        write(results, or: "/result?task_id=", to: &json)
        json.name("parent")
        links.write(.task, task.parentID, to: &json)
        json.name("children")
        json.write(path: links.apiPath, "/task?parent_id=", task.id)
        json.name("init_org")
        links.write(.organization, task.initOrganizationID, to: &json)
        json.name("init_user")
        links.write(.user, task.initUserID, to: &json)
        json.name("databases")
        json.write(databases)
        json.name("study")
        links.write(.study, task.studyID, to: &json)
        json.name("algorithm_store")
        links.write(.algorithmstore, task.storeID, to: &json)
        task.writeColumns(to: &json)
        json.closeObject()
    }

    /// Writes the parts of the task, or the link to them where they were not asked for.
    private func write(_ parts: [some JSONWritable]?, or path: StaticString, to json: inout JSONText) {
        if let parts { json.write(parts) } else { json.write(path: links.apiPath, path, task.id) }
    }
}
