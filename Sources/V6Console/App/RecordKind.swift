// SPDX-License-Identifier: Apache-2.0

/// What an operator creates, changes and deletes by forms.
enum RecordKind: String, Hashable, Sendable {
    case organization, collaboration, study, user, role, node

    /// Its part of the path of a request.
    var path: String { rawValue }

    var plural: String { self == .study ? "studies" : rawValue + "s" }

    /// Where one shows that was just made.
    func place(of id: Int) -> Place { self == .node ? .node(id) : .record(self, id) }

    /// What shows it.
    var reloads: [Subject] {
        switch self {
        case .role: [.roles, .surroundings]
        case .node: [.nodes]
        default: [.surroundings]
        }
    }

    /// What goes with it when it is deleted together with all that hangs on it.
    var dependents: String {
        switch self {
        case .organization: "its users, roles, nodes, tasks and runs"
        case .collaboration: "its tasks, nodes and studies"
        case .study: "its tasks"
        case .user: "the tasks this user created"
        case .role: "its assignments to users"
        case .node: "nothing else"
        }
    }
}
