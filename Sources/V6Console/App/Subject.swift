// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Something of the server that a screen shows.
enum Subject: Hashable, Sendable {
    /// The signed-in user, its rules, and the names of organizations, collaborations and studies around it.
    case surroundings
    case nodes
    /// How busy and how late the nodes are.
    case nodeLoads
    /// How busy and how late a node was during the last hour.
    case loadOf(node: Int)
    /// The newest tasks that users made.
    case tasks
    /// A page of tasks of users, counted from 1, of ``pageSize`` each: the way to older ones.
    case taskPage(Int)
    case task(Int)
    /// Tasks that the algorithm of a task created.
    case subtasks(of: Int)
    case runs(task: Int)
    case run(Int)
    /// The newest runs at a node.
    case runsOf(node: Int)
    case result(run: Int)
    case roles
    case rules(role: Int)
    case rolesOf(user: Int)
    case membersOf(study: Int)
    /// Something of a node on this machine.
    case site(SitePart)
    /// How this console, its account and its connection are.
    case examination
    /// The person's task templates, which are files.
    case templates
    /// The algorithm stores of a collaboration.
    case stores(collaboration: Int)
    case algorithms(store: Int)
    /// When the lines of a run's log came, where the server remembers.
    case logTimes(run: Int)

    static let pageSize = 500

    /// The task it belongs to.
    var task: Int? {
        switch self {
        case .task(let id), .subtasks(let id), .runs(let id): id
        default: nil
        }
    }

    /// After how many seconds it is asked for again while it shows, since no event tells of it; nil where events do.
    var pace: Double? {
        switch self {
        case .nodeLoads, .loadOf: 30
        default: nil
        }
    }

    /// How the person knows it, in "loading …" and "could not load …".
    var title: String {
        switch self {
        case .surroundings: "your collaborations"
        case .nodes: "nodes"
        case .nodeLoads: "node load"
        case .loadOf(let id): "the load of node \(id)"
        case .tasks: "tasks"
        case .taskPage: "older tasks"
        case .task(let id): "task \(id)"
        case .subtasks(let id): "subtasks of task \(id)"
        case .runs(let id): "runs of task \(id)"
        case .run(let id): "run \(id)"
        case .runsOf(let id): "runs of node \(id)"
        case .result(let id): "result of run \(id)"
        case .roles: "roles"
        case .rules(let id): "rules of role \(id)"
        case .rolesOf(let id): "roles of user \(id)"
        case .site(let part): part.title
        case .examination: "the connection"
        case .templates: "your templates"
        case .membersOf(let id): "organizations of study \(id)"
        case .stores: "algorithm stores"
        case .algorithms: "algorithms of the store"
        case .logTimes(let id): "times of the log of run \(id)"
        }
    }
}

/// What came back for a ``Subject``.
enum Loaded: Sendable {
    case surroundings(Surroundings)
    case nodes([Node])
    /// Nil where the server does not tell; then with the seconds by which this clock is ahead of the server's.
    case nodeLoads([NodeLoad]?, lead: Int)
    case loadOf(node: Int, NodeLoad?)
    case tasks([AlgorithmTask], total: Int?, older: Bool)
    case task(AlgorithmTask)
    case subtasks(of: Int, [AlgorithmTask])
    case runs(task: Int, [Run])
    case run(Run)
    case runsOf(node: Int, [Run])
    case result(OpenedResult)
    case roles([Role])
    case rules(role: Int, [Rule])
    case rolesOf(user: Int, [Int])
    case membersOf(study: Int, [Int])
    case site(JSONValue)
    case examination([Examination.Finding])
    case templates([TaskTemplate])
    case stores(collaboration: Int, [AlgorithmStore])
    case algorithms(store: Int, [StoredAlgorithm])
    case logTimes(run: Int, [LogLine])
}

/// Who is signed in, and what surrounds it.
struct Surroundings: Sendable, Codable {
    var userID: Int?
    var username = ""
    var organizationID: Int?
    var organizations: [Organization] = []
    var collaborations: [Collaboration] = []
    /// Members of each collaboration.
    var members: [Int: [Int]] = [:]
    var studies: [Study] = []
    var users: [User] = []
    /// What the user may do; nil where the server does not tell.
    var permissions: Permissions?
    /// All rules there are, where the server tells.
    var catalogue: [Rule] = []
    var serverVersion: String?
}

/// The rules a user holds, by name and operation.
struct Permissions: Hashable, Sendable, Codable {
    fileprivate var scopes: [String: Set<String>] = [:]

    init(_ rules: [Rule]) {
        for rule in rules {
            scopes["\(rule.name.lowercased()) \(rule.operation.lowercased())", default: []].insert(
                rule.scope.lowercased())
        }
    }

    /// How far a rule reaches for the user.
    func scopes(of name: String, _ operation: String) -> Set<String> { scopes["\(name) \(operation)"] ?? [] }

    func allows(_ rule: Rule) -> Bool {
        allows(rule.name.lowercased(), rule.operation.lowercased(), scopes: [rule.scope.lowercased()])
    }

    /// Whether the user holds the rule in one of these scopes (in any, when none is named).
    func allows(_ name: String, _ operation: String, scopes wanted: Set<String> = []) -> Bool {
        guard let held = scopes["\(name) \(operation)"] else { return false }
        return wanted.isEmpty || !held.isDisjoint(with: wanted)
    }
}

/// A run's result, opened on this machine.
struct OpenedResult: Hashable, Sendable {
    var run: Int
    var content: DecodedResult.Content
    /// Whether a private key opened it.
    var wasEncrypted: Bool
}

extension Permissions {
    /// The rules as text: what, which operations, how far.
    var lines: [String] {
        scopes.sorted { $0.key < $1.key }.map { "\($0.key)  (\($0.value.sorted().joined(separator: ", ")))" }
    }
}
