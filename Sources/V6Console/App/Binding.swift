// SPDX-License-Identifier: Apache-2.0

/// Where a binding holds.
///
/// A screen names its contexts, most special first.
enum KeyContext: String, CaseIterable, Sendable {
    case everywhere, list, text, home, tasks, task, run, result, nodes, timeline, tree, algorithms, directory, shelf,
        site,
        siteRun, composer, form, signIn, help

    /// What the palette calls what is done there, in one short word.
    var noun: String {
        switch self {
        case .everywhere: "console"
        case .signIn: "auth"
        case .tree: "co"
        case .algorithms: "store"
        case .directory: "record"
        case .nodes: "node"
        case .tasks: "task"
        case .siteRun: "run"
        case .composer: "form"
        default: rawValue
        }
    }

    /// The head of its part in help and documentation.
    var title: String {
        switch self {
        case .everywhere: "Everywhere"
        case .list: "Lists"
        case .text: "Text and logs"
        case .home: "Home"
        case .tasks: "Tasks"
        case .task: "Task"
        case .run: "Run"
        case .result: "Result"
        case .nodes: "Nodes"
        case .timeline: "Timeline"
        case .tree: "Collaborations"
        case .directory: "Organizations, users and roles"
        case .shelf: "Bookmarks, drafts, templates and stores"
        case .site: "A node on this machine"
        case .siteRun: "A run at the node"
        case .algorithms: "Algorithms"
        case .composer: "Composer"
        case .form: "Forms"
        case .signIn: "Sign-in"
        case .help: "Help"
        }
    }
}

/// One line of the key table: footer, help, documentation and dispatch all read it here.
struct Binding: Hashable, Sendable {
    var context: KeyContext
    var keys: [Key]
    var action: Action
    /// One or two words for the footer; empty keeps it out of the footer.
    var label: String
    /// What help says.
    var summary: String

    init(_ context: KeyContext, _ keys: [Key], _ action: Action, _ summary: String, footer label: String = "") {
        self.context = context
        self.keys = keys
        self.action = action
        self.label = label
        self.summary = summary
    }
}
