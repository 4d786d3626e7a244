// SPDX-License-Identifier: Apache-2.0

/// What a person deletes, and, all but tasks, creates and changes by forms.
enum RecordKind: String, Hashable, Sendable {
    case organization, collaboration, study, user, role, node, task

    /// Its part of the path of a request.
    var path: String { rawValue }

    var plural: String { self == .study ? "studies" : rawValue + "s" }

    /// Where one shows that was just made.
    func place(of id: Int) -> Place {
        switch self {
        case .node: .node(id)
        case .task: .task(id)
        default: .record(self, id)
        }
    }

    /// What shows it.
    var reloads: [Subject] {
        switch self {
        case .role: [.roles, .surroundings]
        case .node: [.nodes]
        case .task: [.tasks]
        default: [.surroundings]
        }
    }

    /// What goes with it when it is deleted together with all that hangs on it; with a task it always goes.
    var dependents: String {
        switch self {
        case .organization: "its users, roles, nodes, tasks and runs"
        case .collaboration: "its tasks, nodes and studies"
        case .study: "its tasks"
        case .user: "the tasks this user created"
        case .role: "its assignments to users"
        case .node: "nothing else"
        case .task: "its runs, results and subtasks"
        }
    }
}
