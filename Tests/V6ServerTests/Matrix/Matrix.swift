// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// A server that forgets every change, and the callers that ask it.
struct Matrix: Sendable {
    let server: TestServer
    /// The database itself, which forgets nothing.
    let store: any Store
    let tokens: [MatrixCaller.Kind: String]
    let refresh: String

    init(server: TestServer, store: any Store) {
        self.server = server
        self.store = store
        let user = server.issuer.session(userID: MatrixWorld.user, roles: [], epoch: 0)
        let node = server.issuer.session(nodeID: MatrixWorld.node, epoch: 0)
        let container = server.issuer.container(
            ContainerIdentity(
                nodeID: MatrixWorld.node, organizationID: MatrixWorld.home, collaborationID: 201, studyID: nil,
                storeID: nil, taskID: 701, image: "image", databases: []))
        tokens = [
            .user: user["access_token"]?.stringValue ?? "", .node: node["access_token"]?.stringValue ?? "",
            .container: container,
        ]
        refresh = user["refresh_token"]?.stringValue ?? ""
    }

    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let json: JSONValue

        /// The identifiers of the objects of a list.
        var ids: Set<Int64> { Set((json["data"]?.arrayValue ?? []).compactMap { $0["id"]?.intValue.map(Int64.init) }) }
    }

    /// Nobody's rules, each rule alone, the rules of each default role; a node and a container.
    func callers() async throws -> [MatrixCaller] {
        let rules = try MatrixRule.all()
        var callers = [MatrixCaller(label: "nothing", kind: .user, rules: [])]
        callers += rules.map { MatrixCaller(label: "\($0.name) \($0.operation) \($0.scope)", kind: .user, rules: [$0]) }
        for role in DefaultRole.allCases {
            let ids = try await store.read { session in
                try session.integers(
                    """
                    SELECT rule_id FROM role_rule_association JOIN role ON role.id = role_id
                        WHERE role.name = \(role.rawValue)
                    """)
            }
            let kind: MatrixCaller.Kind = role == .node ? .node : role == .container ? .container : .user
            callers.append(
                MatrixCaller(label: role.rawValue, kind: kind, rules: rules.filter { ids.contains($0.id) }))
        }
        return callers
    }

    func grant(_ caller: MatrixCaller) async throws {
        guard caller.kind == .user else { return }
        try await store.write { try MatrixWorld.grant(caller.rules, $0) }
    }

    func route(_ name: String) -> Route? { server.routes.first { "\($0.method) \($0.path)" == name } }

    func serves(_ caller: MatrixCaller, _ item: MatrixCase) -> Bool {
        guard case .access(let kinds)? = route(item.route)?.callers else { return true }
        return kinds.contains { $0.rawValue == caller.kind.rawValue }
    }

    /// Sends the request of a case, without a connection.
    func ask(_ item: MatrixCase, token: String?) async -> Answer {
        let parts = item.path.split(separator: "?", maxSplits: 1)
        let request = APIRequest(
            method: item.method, path: "/api" + parts[0], query: Query(parts.count > 1 ? parts[1] : ""),
            authorization: token.map { "Bearer \($0)" }, contentType: item.body == nil ? nil : "application/json",
            body: item.body?.data() ?? Data())
        let reply = await server.api.answer(request)
        switch reply.body {
        case .json(let text): return Answer(status: reply.status, json: (try? JSONValue(parsing: text.data)) ?? .null)
        case .bytes(let data, _): return Answer(status: reply.status, json: (try? JSONValue(parsing: data)) ?? .null)
        case .stream, .empty: return Answer(status: reply.status, json: .null)
        }
    }

    /// Does something for each case, some at a time.
    func each(_ cases: [MatrixCase], _ body: @escaping @Sendable (MatrixCase) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for (index, item) in cases.enumerated() {
                if index >= 4 { await group.next() }
                group.addTask { await body(item) }
            }
        }
    }

    // MARK: - Filters and includes

    /// Tries every filter of a list that takes an identifier, with every object it may name, and every include: what comes
    /// is no more than the caller sees anyway.
    func search(_ list: MatrixList, as caller: MatrixCaller) async {
        let name = "GET \(list.path)"
        let model = MatrixModel(caller: caller)
        guard let route = route(name), serves(caller, MatrixCase(name) { _ in true }), let seen = list.listed(model)
        else { return }
        var queries: [String] = []
        for parameter in route.query {
            switch parameter.kind {
            case .id, .looseID:
                queries += Self.objects(of: parameter.name, in: list.path).map { "\(parameter.name)=\($0)" }
            case .words(let words): queries += words.map { "include=\($0)" }
            default: break
            }
        }
        let cases = queries.map { MatrixCase(name, "\(list.path)?per_page=1000&\($0)") { _ in true } }
        await each(cases) { item in
            let answer = await ask(item, token: tokens[caller.kind])
            #expect([200, 400, 401, 404].contains(answer.status), "\(caller.label): \(item.path): \(answer.status)")
            #expect(
                answer.ids.isSubset(of: seen), "\(caller.label): \(item.path) shows \(answer.ids.subtracting(seen))")
            requireSeen(answer.json, in: item, model)
        }
    }

    /// The objects that a filter may name.
    private static func objects(of parameter: String, in path: String) -> [Int64] {
        switch parameter.replacing("_id", with: "") {
        case "organization", "init_org", "ids": MatrixWorld.organizations
        case "collaboration": MatrixWorld.members.keys.sorted()
        case "study": MatrixWorld.studies.map(\.id)
        case "node": MatrixWorld.nodes.map(\.id)
        case "user", "init_user": MatrixWorld.users.keys.sorted()
        case "role": MatrixWorld.roles.keys.sorted() + [1, 5]
        case "rule": [1, 42, 86]
        case "task", "parent": MatrixWorld.tasks.map(\.id)
        case "job": MatrixWorld.tasks.map(\.job)
        case "run": MatrixWorld.runs.map(\.id)
        case "store", "algorithm_store": MatrixWorld.stores.keys.sorted()
        default: [1, 101, 201, 701]
        }
    }

    /// What stands inside an object instead of a link must be what the caller may see by itself.
    func requireSeen(_ json: JSONValue, in item: MatrixCase, _ model: MatrixModel) {
        for object in json["data"]?.arrayValue ?? [json] {
            func ids(_ member: String) -> [Int64] {
                (object[member]?.arrayValue ?? []).compactMap { $0["id"]?.intValue.map(Int64.init) }
            }
            for id in ids("organizations") {
                #expect(model.onOrganization("organization", "view", id), "\(model.caller.label): \(item.path): \(id)")
            }
            for id in ids("runs") + ids("results") {
                let run = MatrixWorld.runs.first { $0.id == id }
                #expect(run.map(model.seesRun) == true, "\(model.caller.label): \(item.path): run \(id)")
            }
            guard item.path.hasPrefix("/run"), object["task"]?["name"] != nil else { continue }
            let task = MatrixWorld.tasks.first { $0.id == Int64(object["task"]?["id"]?.intValue ?? 0) }
            #expect(task.map { model.onTask("task", "view", $0) } == true, "\(model.caller.label): \(item.path)")
        }
    }
}
