// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Asks the server what screens show, and tells it what a person decided.
struct ConsoleService: Sendable {
    let session: ConsoleSession
    /// Hears how many records of a long list have come.
    var report: @Sendable (Int) -> Void = { _ in }
    /// Hears how far something large is.
    var reportBytes: @Sendable (DownloadProgress) -> Void = { _ in }

    private var client: V6Client { session.client }
    /// How many of the newest tasks are asked for again and again.
    private static let newest = 100

    func load(_ subject: Subject) async throws -> Loaded {
        switch subject {
        case .surroundings: return .surroundings(try await surroundings())
        case .nodes: return .nodes(try await all(client.nodes.list([("per_page", "500")])))
        case .nodeLoads:
            let loads = try await optional { try await all(client.nodeLoads([("per_page", "500")])) }
            if let loads { return .nodeLoads(loads, lead: 0) }
            // Then only moments that the server wrote tell how late a node is.
            let response = try await client.call("GET", "/version")
            return .nodeLoads(nil, lead: ServerClock.lead(of: .now(), over: response) ?? 0)
        case .loadOf(let id):
            return .loadOf(node: id, try await optional { try await client.load(ofNode: id) })
        case .tasks: return try await tasks(page: 1, size: Self.newest, isNewest: true)
        case .taskPage(let page): return try await tasks(page: page, size: Subject.pageSize, isNewest: false)
        case .task(let id): return .task(try await client.tasks.get(id))
        case .subtasks(let id): return .subtasks(of: id, try await subtasks(of: id))
        case .runs(let id):
            let query = [("task_id", String(id)), ("per_page", "500")]
            return .runs(task: id, try await all(client.runs.list(query)))
        case .runsOf(let node):
            // The newest alone: a node that has worked for years has too many.
            let query = [("node_id", String(node)), ("sort", "-id"), ("per_page", "100")]
            return .runsOf(node: node, try await client.page("/run", query: query, of: Run.self).0)
        case .run(let id): return .run(try await client.runs.get(id))
        case .result(let id): return .result(try await result(of: id))
        case .site, .examination, .templates: throw Fault(kind: .rejected, message: "No server is asked for that.")
        case .rolesOf(let user):
            let query = [("user_id", String(user)), ("per_page", "500")]
            return .rolesOf(user: user, try await all(client.roles.list(query)).map(\.id))
        case .membersOf(let study):
            let query = [("study_id", String(study)), ("per_page", "500")]
            return .membersOf(study: study, try await all(client.organizations.list(query)).map(\.id))
        case .roles: return .roles(try await all(client.roles.list([("per_page", "500")])))
        case .rules(let role):
            let query = [("role_id", String(role)), ("no_pagination", "1")]
            return .rules(role: role, try await all(client.rules.list(query)))
        case .stores(let id):
            let query = [("collaboration_id", String(id)), ("per_page", "100")]
            // A server that tells this user of no store has none to offer here.
            let stores = try await optional { try await all(client.algorithmStores.list(query)) }
            return .stores(collaboration: id, stores ?? [])
        case .algorithms(let id):
            return .algorithms(store: id, try await client.algorithms(in: client.algorithmStores.get(id)))
        case .logTimes(let id):
            let run = try await client.runs.get(id)
            return .logTimes(run: id, try await LogHistory(client: client).lines(of: run))
        }
    }

    /// All of a list, page after page.
    private func all<Element>(_ list: PagedList<Element>) async throws -> [Element] {
        var elements: [Element] = []
        for try await element in list {
            elements.append(element)
            if elements.count.isMultiple(of: Subject.pageSize) { report(elements.count) }
        }
        return elements
    }

    private func tasks(page: Int, size: Int, isNewest: Bool) async throws -> Loaded {
        let query = [("is_user_created", "1"), ("page", String(page)), ("per_page", String(size))]
        let (tasks, total) = try await client.page("/task", query: query, of: AlgorithmTask.self)
        return .tasks(tasks, total: total, older: !isNewest)
    }

    /// All tasks that descend from a task: those of its job, or its children where the job may not be listed.
    private func subtasks(of id: Int) async throws -> [AlgorithmTask] {
        let task = try await client.tasks.get(id)
        let field = task.jobID.map { ("job_id", String($0)) } ?? ("parent_id", String(id))
        do {
            return try await all(client.tasks.list([field, ("per_page", "500")])).filter {
                $0.parent != nil && $0.id != id
            }
        } catch let error as APIError where error.kind == .forbidden {
            return []
        }
    }

    private func result(of run: Int) async throws -> OpenedResult {
        let result = try await client.results.fetch(run, report: reportBytes)
        var isEncrypted = false
        if let task = result.task, let collaboration = try await client.tasks.get(task.id).collaboration {
            isEncrypted = try await client.collaborations.get(collaboration.id).encrypted
        }
        let content = try await client.results.decoded(
            result, isEncrypted: isEncrypted, privateKey: try session.privateKey(), report: reportBytes)
        return OpenedResult(run: run, content: content, wasEncrypted: isEncrypted)
    }

    /// The parts that the user may not see stay empty; only a server that does not answer is an error.
    ///
    /// All questions go out at once: over a slow line it is their number that takes time.
    private func surroundings() async throws -> Surroundings {
        let page = [("per_page", "500")]
        let id = await client.claims()?.subject
        async let organizations = optional { try await all(client.organizations.list(page)) }
        async let collaborations = collaborations()
        async let studies = optional { try await all(client.studies.list(page)) }
        async let users = optional { try await all(client.users.list(page)) }
        async let version = optional { try await client.serverVersion() }
        async let account = account(id)
        var surroundings = Surroundings()
        surroundings.userID = id
        surroundings.username = session.username ?? ""
        surroundings.organizations = try await organizations ?? []
        (surroundings.collaborations, surroundings.members) = try await collaborations
        surroundings.studies = try await studies ?? []
        surroundings.users = try await users ?? []
        surroundings.serverVersion = try await version
        if let (me, rules) = try await account {
            surroundings.username = me["username"]?.stringValue ?? surroundings.username
            surroundings.organizationID = me["organization"]?["id"]?.intValue
            if let rules {
                surroundings.catalogue = rules.all
                surroundings.permissions = Permissions(rules.held)
            }
        }
        return surroundings
    }

    /// The collaborations, and the members of each as far as they may be seen.
    private func collaborations() async throws -> ([Collaboration], [Int: [Int]]) {
        let list = try await optional { try await all(client.collaborations.list([("per_page", "500")])) } ?? []
        return try await withThrowingTaskGroup(of: (Int, [Int]?).self) { group in
            for id in list.map(\.id) {
                group.addTask {
                    let query = [("collaboration_id", String(id)), ("per_page", "500")]
                    return (id, try await optional { try await all(client.organizations.list(query)).map(\.id) })
                }
            }
            var members: [Int: [Int]] = [:]
            for try await (id, found) in group { members[id] = found }
            return (list, members)
        }
    }

    /// The user's own record, and the rules it holds among all there are.
    private func account(_ id: Int?) async throws -> (JSONValue, (held: [Rule], all: [Rule])?)? {
        guard let id else { return nil }
        let query = [("include_permissions", "1")]
        guard let me = try await optional({ try await client.call("GET", "/user/\(id)", query: query).json }) else {
            return nil
        }
        return (me, try await optional { try await client.rules(heldBy: me) }.flatMap(\.self))
    }

    /// Nil where the server refuses or does not know the question.
    private func optional<T>(_ question: () async throws -> T) async throws -> T? {
        do { return try await question() } catch let error as APIError
            where [.forbidden, .notFound, .invalid, .serverFault].contains(error.kind)
        {
            return nil
        }
    }

    // MARK: Writing

    func submit(_ draft: TaskDraft) async throws -> AlgorithmTask {
        try await client.tasks.create(
            TaskRequest(
                name: draft.name, image: draft.image, collaboration: draft.collaboration,
                study: draft.study, store: draft.store, organizations: draft.organizations,
                databases: draft.databases.map { TaskRequest.Database(label: $0) },
                input: TaskInput(method: draft.method, keywords: draft.arguments)))
    }

    /// The same input goes to the same organizations: what was encrypted for them still is.
    func rerun(task id: Int, runs: [Int]) async throws -> AlgorithmTask {
        let task = try await client.tasks.get(id)
        let all = try await client.runs.list([("task_id", String(id)), ("per_page", "500")]).all()
        let targets: [JSONValue] = all.filter { runs.contains($0.id) }.compactMap { run in
            guard let organization = run.organization, let input = run.input else { return nil }
            return ["id": JSONValue(organization.id), "input": .string(input)]
        }
        guard targets.count == runs.count else {
            throw Fault(
                kind: .rejected,
                message: "The server does not show the input of these runs; use R to compose them anew.")
        }
        var body: JSONObject = [
            "name": .string(task.name ?? ""), "image": .string(task.image), "organizations": .array(targets),
            "description": .string("again: task \(id)"),
            "databases": .array(try (task.databases ?? []).map(Self.database)),
        ]
        body["collaboration_id"] = task.collaboration.map { JSONValue($0.id) }
        body["study_id"] = task.study.map { JSONValue($0.id) }
        body["store_id"] = task.store.map { JSONValue($0.id) }
        return try await client.send("POST", "/task", body: .object(body))
    }

    struct NewNode {
        var id: Int?
        var name: String
        var key: String
    }

    /// Creates a node; returns its key, which the server shows this once.
    func createNode(collaboration: Int, organization: Int, name: String) async throws -> NewNode {
        var body: JSONObject = [
            "collaboration_id": JSONValue(collaboration), "organization_id": JSONValue(organization),
        ]
        if !name.isEmpty { body["name"] = .string(name) }
        let answer = try await client.call("POST", "/node", body: .object(body)).json
        return NewNode(
            id: answer["id"]?.intValue, name: answer["name"]?.stringValue ?? "the node",
            key: answer["api_key"]?.stringValue ?? "")
    }

    /// Gives a node a new key and ends the old one.
    func resetKey(node id: Int) async throws -> String {
        try await client.call("POST", "/recover/node", body: ["id": JSONValue(id)]).json["api_key"]?.stringValue ?? ""
    }

    /// A database as it was asked for: the label, and the rest which the server keeps as text.
    private static func database(_ database: AlgorithmTask.Database) throws -> JSONValue {
        var object: JSONObject = ["label": .string(database.label)]
        if let text = database.parameters, !text.isEmpty, let rest = try JSONValue(parsing: text).objectValue {
            for (key, value) in rest { object[key] = value }
        }
        return .object(object)
    }
}
