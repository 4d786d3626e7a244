// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `task`.
struct TaskCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task", abstract: "Create, follow and end tasks.",
        subcommands: [
            ListCommand<TaskResource>.self, TaskShow.self, TaskCreate.self, TaskValidate.self, TaskWait.self,
            TaskFollow.self, TaskKill.self, TaskRerun.self, TaskExport.self, DeleteCommand<TaskResource>.self,
        ],
        aliases: ["tasks"])
}
