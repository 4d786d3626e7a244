// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

@testable import V6Console

/// A small network for tests: three hospitals in an open and an encrypted collaboration, with tasks in every state.
enum Network {
    static let now = moment("14:22:07")

    static func moment(_ clock: String) -> Timestamp {
        Timestamp("2026-11-25T\(clock)") ?? Timestamp(microseconds: 0)
    }

    static func decode<T: Decodable>(_ text: String) -> T? {
        try? JSONDecoder().decode(T.self, from: Data(text.utf8))
    }

    static let organizations: [Organization] = [
        (1, "Maas Clinic"), (2, "Noord Hospital"), (3, "Delta UMC"),
    ].compactMap { id, name in
        decode(#"{"id":\#(id),"name":"\#(name)","country":"Netherlands","domain":"example.org","public_key":""}"#)
    }

    static let collaborations: [Collaboration] = [(1, "thyroid", false), (2, "lung", true)].compactMap {
        id, name, encrypted in
        decode(#"{"id":\#(id),"name":"\#(name)","encrypted":\#(encrypted)}"#)
    }

    static let rules: [Rule] = [
        ("task", "CREATE", "COLLABORATION"), ("task", "VIEW", "COLLABORATION"), ("run", "VIEW", "COLLABORATION"),
        ("event", "SEND", "COLLABORATION"), ("event", "RECEIVE", "COLLABORATION"), ("node", "CREATE", "ORGANIZATION"),
        ("node", "EDIT", "ORGANIZATION"), ("node", "DELETE", "ORGANIZATION"), ("user", "EDIT", "ORGANIZATION"),
        ("user", "DELETE", "ORGANIZATION"), ("collaboration", "CREATE", "GLOBAL"),
    ].enumerated().compactMap { index, rule in
        decode(
            #"{"id":\#(index + 1),"name":"\#(rule.0)","operation":"\#(rule.1)","scope":"\#(rule.2)","description":""}"#)
    }

    static let roles: [Role] = [(1, "Researcher"), (2, "Viewer")].compactMap { id, name in
        decode(#"{"id":\#(id),"name":"\#(name)","description":"Can do research","organization":null}"#)
    }

    static var surroundings: Surroundings {
        var surroundings = Surroundings()
        surroundings.userID = 7
        surroundings.username = "anna"
        surroundings.organizationID = 1
        surroundings.organizations = organizations
        surroundings.collaborations = collaborations
        surroundings.members = [1: [1, 2, 3], 2: [1, 2]]
        surroundings.studies = [decode(#"{"id":4,"name":"SYN-3","collaboration":{"id":1}}"#)].compactMap {
            $0 as Study?
        }
        surroundings.users = [decode(#"{"id":8,"username":"bram"}"#)].compactMap { $0 as User? }
        surroundings.permissions = Permissions(rules)
        surroundings.serverVersion = "4.15.2"
        return surroundings
    }

    static let nodes: [Node] = [
        (1, "maas-node", 1, "online"), (2, "noord-node", 2, "online"), (3, "delta-node", 3, "offline"),
    ].compactMap { id, name, organization, status in
        let config =
            status == "online"
            ? #"[{"key":"encryption","value":"0"},{"key":"database_labels","value":"default"},"#
                + #"{"key":"db_type_default","value":"csv"},{"key":"columns_default","value":"age"},"#
                + #"{"key":"columns_default","value":"radius"},{"key":"allowed_algorithms","value":"^registry.example.org/.*"}]"#
            : "[]"
        return decode(
            #"{"id":\#(id),"name":"\#(name)","organization":{"id":\#(organization)},"collaboration":{"id":1},"#
                + #""status":"\#(status)","last_seen":"2026-11-25T14:21:40","config":\#(config)}"#)
    }

    static func task(
        _ id: Int, _ name: String, _ status: String, created: String, user: Int = 7, collaboration: Int = 1,
        parent: Int? = nil, finished: String? = nil
    ) -> AlgorithmTask? {
        let end = finished.map { "\"2026-11-25T\($0)\"" } ?? "null"
        let above = parent.map { "{\"id\":\($0)}" } ?? "null"
        return decode(
            #"{"id":\#(id),"name":"\#(name)","description":"","image":"registry.example.org/v6-summary:1.0","#
                + #""status":"\#(status)","created_at":"2026-11-25T\#(created)","finished_at":\#(end),"job_id":\#(parent ?? id),"#
                + #""collaboration":{"id":\#(collaboration)},"study":null,"parent":\#(above),"init_org":{"id":1},"#
                + #""init_user":{"id":\#(user)},"databases":[{"label":"default","parameters":"{}"}]}"#)
    }

    static func run(
        _ id: Int, task: Int, organization: Int, _ status: String, started: String? = nil, finished: String? = nil,
        log: String? = nil
    ) -> Run? {
        func quoted(_ clock: String?) -> String { clock.map { "\"2026-11-25T\($0)\"" } ?? "null" }
        let text = log.map { JSONValue.string($0).text() } ?? "null"
        let input = "eyJtZXRob2QiOiJjZW50cmFsIiwiYXJncyI6W10sImt3YXJncyI6eyJjb2x1bW5zIjpbImFnZSJdfX0="
        return decode(
            #"{"id":\#(id),"status":"\#(status)","organization":{"id":\#(organization)},"task":{"id":\#(task)},"#
                + #""node":{"id":\#(organization),"name":"node-\#(organization)"},"input":"\#(input)","log":\#(text),"#
                + #""assigned_at":"2026-11-25T09:00:00","started_at":\#(quoted(started)),"finished_at":\#(quoted(finished))}"#
        )
    }

    static let store = AlgorithmStore(id: 3, name: "research", url: "https://store.example.org/api")

    /// A stored algorithm with an argument of each important kind.
    static let algorithm = StoredAlgorithm([
        "id": 9, "name": "Cox regression", "description": "Proportional hazards over all sites.",
        "image": "registry.example.org/v6-cox:2.1", "digest": "sha256:9f2c7d1b2a", "partitioning": "horizontal",
        "status": "approved", "vantage6_version": "4.15.2",
        "functions": [
            [
                "name": "central_cox", "display_name": "Central Cox", "description": "Fits one model over all sites.",
                "type": "central", "standalone": true,
                "databases": [["name": "cohort", "description": "one row a patient"]],
                "arguments": [
                    ["id": 1, "name": "time", "type": "column", "description": "days until the event"],
                    ["id": 2, "name": "covariates", "type": "column_list"],
                    [
                        "id": 3, "name": "ties", "type": "string", "has_default_value": true, "default_value": "efron",
                        "allowed_values": [["value": "efron"], ["value": "breslow"]],
                    ],
                    ["id": 4, "name": "alpha", "type": "float", "has_default_value": true, "default_value": "0.05"],
                    [
                        "id": 5, "name": "penalized", "type": "boolean", "has_default_value": true,
                        "default_value": "false",
                    ],
                    [
                        "id": 6, "name": "strength", "type": "float", "conditional_on_id": 5,
                        "conditional_operator": "==", "conditional_value": "true",
                    ],
                ],
            ],
            [
                "name": "partial_cox", "type": "federated", "standalone": false, "databases": [], "arguments": [],
            ],
        ],
    ])

    static let log = """
        info > Welcome to v6-summary
        info > database default: 212 rows, 31 columns
        warn > 3 rows dropped: missing "radius"
        info > result written

        """

    static let tasks: [AlgorithmTask] = [
        task(30, "Summary of radius", "active", created: "14:18:00"),
        task(28, "Logistic regression", "completed", created: "14:02:00", finished: "14:03:11"),
        task(27, "Kaplan-Meier", "crashed", created: "13:22:00"),
        task(26, "Contingency table", "killed by user", created: "11:00:00", user: 8),
        task(25, "PCA", "not allowed", created: "09:30:00", user: 8),
        task(24, "Lung summary", "pending", created: "09:10:00", collaboration: 2),
    ].compactMap { $0 }

    static let runs: [Int: [Run]] = [
        30: [run(61, task: 30, organization: 1, "active", started: "14:18:03", log: log)],
        28: [
            run(51, task: 28, organization: 1, "completed", started: "14:02:01", finished: "14:03:11", log: log),
            run(52, task: 28, organization: 2, "completed", started: "14:02:01", finished: "14:02:40"),
            run(53, task: 28, organization: 3, "completed", started: "14:02:02", finished: "14:02:31"),
        ],
        27: [
            run(47, task: 27, organization: 1, "completed", started: "13:22:01", finished: "13:22:42"),
            run(
                48, task: 27, organization: 2, "crashed", started: "13:22:01", finished: "13:24:45",
                log: "error > Killed\n"),
        ],
        26: [run(46, task: 26, organization: 1, "killed by user", started: "11:00:01", finished: "11:03:00")],
        25: [run(45, task: 25, organization: 3, "not allowed")],
        24: [run(44, task: 24, organization: 3, "pending")],
        31: [
            run(62, task: 31, organization: 1, "completed", started: "14:18:10", finished: "14:18:51"),
            run(63, task: 31, organization: 2, "active", started: "14:18:11"),
            run(64, task: 31, organization: 3, "pending"),
        ],
    ].mapValues { $0.compactMap { $0 } }

    static let subtask = task(31, "partial", "active", created: "14:18:08", parent: 30)

    static let result: JSONValue = [
        "radius": [
            "count": 569, "mean": 14.127291739894552, "variance": 12.418920129586722, "minimum": 6.981,
            "maximum": 28.11,
        ],
        "texture": [
            "count": 569, "mean": 19.289648506151142, "variance": 18.498908679025483, "minimum": 9.71, "maximum": 39.28,
        ],
    ]

    /// Everything of the network, loaded.
    static var federation: Federation {
        var federation = Federation()
        federation.absorb(.surroundings(surroundings), for: .surroundings, at: now)
        federation.absorb(.nodes(nodes), for: .nodes, at: now)
        federation.absorb(.nodeLoads(nodeLoads, lead: 0), for: .nodeLoads, at: now)
        for load in nodeLoads { federation.absorb(.loadOf(node: load.id, load), for: .loadOf(node: load.id), at: now) }
        federation.absorb(.tasks(tasks, total: 6, older: false), for: .tasks, at: now)
        federation.absorb(.roles(roles), for: .roles, at: now)
        federation.absorb(
            .examination([
                Examination.Finding(check: "server", finding: "v6.example.org/api is vantage6 4.15.2", failure: nil),
                Examination.Finding(
                    check: "clock", finding: "",
                    failure: ConsoleFailure(
                        .failure, "This clock is 94 s off the server's.",
                        advice: "Set it by NTP: timedatectl set-ntp true")),
            ]), for: .examination, at: now)
        federation.absorb(.rolesOf(user: 8, [1]), for: .rolesOf(user: 8), at: now)
        federation.absorb(.rules(role: 1, rules), for: .rules(role: 1), at: now)
        for task in tasks { federation.absorb(.task(task), for: .task(task.id), at: now) }
        if let subtask { federation.absorb(.subtasks(of: 30, [subtask]), for: .subtasks(of: 30), at: now) }
        for task in tasks where task.id != 30 {
            federation.absorb(.subtasks(of: task.id, []), for: .subtasks(of: task.id), at: now)
        }
        federation.absorb(.stores(collaboration: 1, [store]), for: .stores(collaboration: 1), at: now)
        federation.absorb(.stores(collaboration: 2, []), for: .stores(collaboration: 2), at: now)
        let offered = [algorithm].compactMap { $0 }
        federation.absorb(.algorithms(store: 3, offered), for: .algorithms(store: 3), at: now)
        federation.absorb(.templates(templates), for: .templates, at: now)
        federation.absorb(.membersOf(study: 4, [1, 2]), for: .membersOf(study: 4), at: now)
        for (task, list) in runs { federation.absorb(.runs(task: task, list), for: .runs(task: task), at: now) }
        for node in nodes {
            let here = runs.values.joined().filter { $0.organization?.id == node.organization?.id && $0.id < 62 }
            federation.absorb(.runsOf(node: node.id, Array(here)), for: .runsOf(node: node.id), at: now)
        }
        for run in [51, 52, 53] {
            let result = OpenedResult(run: run, content: .json(result), wasEncrypted: false)
            federation.absorb(.result(result), for: .result(run: run), at: now)
        }
        for id in [61, 51] {
            if let run = federation.run(id) { federation.absorb(.run(run), for: .run(id), at: now) }
        }
        federation.record(
            EventRecord(at: moment("14:02:11"), kind: .bad, text: "node delta-node is offline", task: nil))
        federation.record(EventRecord(at: moment("14:18:00"), kind: .neutral, text: "task 30 created", task: 30))
        federation.record(
            EventRecord(at: moment("14:18:51"), kind: .good, text: "run 62  Maas Clinic  completed", task: 31))
        return federation
    }

    static let bookmarks = [1: "tasks status=failed", 4: "node maas-node"]

    /// Two drafts put aside, of different days.
    static let drafts: [KeptDraft] = [("Cox, stage III", "14:01:00"), ("", "08:12:00")].map { name, clock in
        var draft = ComposerDraft()
        (draft.name, draft.image, draft.method) = (name, "registry.example.org/v6-cox:2.1", "central_cox")
        (draft.collaboration, draft.organizations, draft.arguments) = (1, [1, 2], "time=days")
        return KeptDraft(draft: draft, at: moment(clock))
    }

    /// A template, and a file that is none.
    static let templates: [TaskTemplate] = [
        TaskTemplate(
            name: "cox weekly",
            task: TaskDescription(
                name: "Cox weekly", image: "registry.example.org/v6-cox:2.1", method: "central_cox",
                collaboration: "thyroid", organizations: ["Maas Clinic"], arguments: ["time": "days"]),
            at: moment("08:00:00")),
        TaskTemplate(name: "torn", fault: "torn.yaml:3: expected a key", at: moment("09:00:00")),
    ]

    static let identity = Identity(
        server: "https://v6.example.org/api", username: "anna", hasPrivateKey: true, isReadOnly: false)

    /// The same for somebody with every rule.
    static func administrator(
        size: Size = Size(rows: 24, columns: 80), theme: Theme = .standard, glyphs: Glyphs = .unicode
    ) -> App {
        var federation = Network.federation
        var surroundings = Network.surroundings
        surroundings.permissions = Permissions(RecordFormTests.everything + ["CREATE", "DELETE"].compactMap(rule))
        federation.absorb(.surroundings(surroundings), for: .surroundings, at: now)
        return app(size: size, theme: theme, glyphs: glyphs, federation: federation)
    }

    /// A rule about tasks everywhere.
    private static func rule(_ operation: String) -> Rule? {
        decode(#"{"id":99,"name":"task","operation":"\#(operation)","scope":"GLOBAL","description":""}"#)
    }

    /// The program on this network, signed in and live.
    static func app(
        size: Size = Size(rows: 24, columns: 80), theme: Theme = .standard, glyphs: Glyphs = .unicode,
        federation: Federation = Network.federation
    ) -> App {
        var world = World(now: now, size: size, glyphs: glyphs)
        world.federation = federation
        world.identity = identity
        world.connection = .live
        var app = App(world: world, theme: theme, start: .home)
        _ = app.start(at: now)
        app.model.world.running = [:]
        app.model.heardAt = now
        return app
    }
}

extension App {
    /// Goes to a view by its command and lets everything it asks for be answered already.
    mutating func visit(_ command: String) {
        _ = execute(command)
        _ = update(.tick, at: Network.now)
        model.world.running = [:]
    }
}
