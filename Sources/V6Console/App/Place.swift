// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Where a person can be.
///
/// Commands, bookmarks and history name screens by it.
enum Place: Hashable, Sendable {
    case signIn
    case home
    case tasks(filter: String)
    case task(Int)
    case run(Int)
    case result(task: Int)
    case timeline(task: Int)
    case nodes
    case node(Int)
    case events
    case collaborations
    /// A draft to begin with; nil begins with what was typed last.
    case composer(ComposerDraft?)
    case raw(RawObject)
    case algorithms
    case whoami
    case doctor
    /// What the program has said.
    case messages
    case directory(DirectoryKind)
    case shelf(ShelfKind)
    case newNode
    /// A form; without an identifier for a new one.
    case record(RecordKind, Int?)
    /// The node on this machine, one of its runs, and a question to its policy.
    case site
    case siteRun(Int)
    case siteExplain
    case help

    /// The command that leads here, without the colon; nil where none does.
    var command: String? {
        switch self {
        case .signIn: "login"
        case .home: "home"
        case .tasks(let filter): filter.isEmpty ? "tasks" : "tasks \(filter)"
        case .task(let id): "task \(id)"
        case .run(let id): "run \(id)"
        case .result(let id): "result \(id)"
        case .timeline(let id): "timeline \(id)"
        case .nodes: "nodes"
        case .node(let id): "node \(id)"
        case .events: "events"
        case .collaborations: "collaborations"
        case .composer(nil): "new"
        case .composer: nil
        case .raw(.task(let id)): "raw \(id)"
        case .raw: nil
        case .algorithms: "algorithms"
        case .whoami: "whoami"
        case .doctor: "doctor"
        case .messages: "messages"
        case .directory(.organizations): "organizations"
        case .directory(.users): "users"
        case .directory(.roles): "roles"
        case .shelf(let kind): kind.rawValue
        case .newNode, .record: nil
        case .site: "node"
        case .siteRun(let id): "run \(id)"
        case .siteExplain: "explain"
        case .help: "help"
        }
    }

    /// What the place is about, by the names of variables.
    func variables(in world: World) -> [UserCommand.Variable: Int] {
        switch self {
        case .task(let id), .result(let id), .timeline(let id), .raw(.task(let id)): [.task: id]
        case .run(let id), .raw(.run(let id)):
            world.federation.taskOfRun[id].map { [.run: id, .task: $0] } ?? [.run: id]
        case .siteRun(let id): [.run: id]
        case .node(let id), .raw(.node(let id)):
            world.federation.nodes[id]?.organization.map { [.node: id, .organization: $0.id] } ?? [.node: id]
        default: [:]
        }
    }

    /// The collaboration that the task or node of the place belongs to.
    func collaboration(in world: World) -> Int? {
        let variables = variables(in: world)
        if let node = variables[.node] { return world.federation.nodes[node]?.collaboration?.id }
        return variables[.task].flatMap { world.federation.tasks[$0]?.collaboration?.id }
    }

    /// A fresh screen.
    func screen() -> any Screen {
        switch self {
        case .signIn: SignInScreen()
        case .home: HomeScreen()
        case .tasks(let filter): TaskListScreen(filter: filter)
        case .task(let id): TaskScreen(task: id)
        case .run(let id): RunScreen(run: id)
        case .result(let id): ResultScreen(task: id)
        case .timeline(let id): TimelineScreen(task: id)
        case .nodes: NodeListScreen()
        case .node(let id): NodeScreen(node: id)
        case .events: EventListScreen()
        case .collaborations: CollaborationScreen()
        case .composer(let draft): ComposerScreen(draft: draft)
        case .raw(let object): RawScreen(object)
        case .algorithms: AlgorithmListScreen()
        case .whoami: WhoAmIScreen()
        case .doctor: DoctorScreen()
        case .messages: MessagesScreen()
        case .directory(let kind): DirectoryScreen(kind)
        case .shelf(let kind): ShelfScreen(kind)
        case .newNode: NodeFormScreen()
        case .site: SiteScreen()
        case .siteRun(let id): SiteRunScreen(run: id)
        case .siteExplain: SiteExplainScreen()
        case .record(let kind, let id): RecordFormScreen(kind, id: id)
        case .help:
            HelpScreen(
                HelpSections(keyMap: KeyMap(), contexts: [.list, .everywhere], commands: [], refusals: [:]),
                of: "v6-console")
        }
    }
}
