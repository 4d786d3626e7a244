// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Server

/// Databases in which rows lack values, or name rows that are not there, as foreign keys of 4.15.2 allow.
struct StrayRowTests {
    /// Rows without anything but what a table demands.
    private static let empty: [SQL] = [
        "INSERT INTO authenticatable (id) VALUES (90), (91)",
        #"INSERT INTO "user" (id) VALUES (90)"#,
        "INSERT INTO node (id) VALUES (91)",
        "INSERT INTO organization (id) VALUES (90)",
        "INSERT INTO collaboration (id) VALUES (90)",
        "INSERT INTO study (id) VALUES (90)",
        "INSERT INTO role (id) VALUES (90)",
        "INSERT INTO rule (id) VALUES (90)",
        "INSERT INTO algorithmstore (id) VALUES (90)",
        "INSERT INTO task (id) VALUES (90)",
        "INSERT INTO run (id) VALUES (90)",
        "INSERT INTO run (id, task_id) VALUES (91, 90)",
        "INSERT INTO run (id, organization_id) VALUES (92, 2)",
        "INSERT INTO taskdatabase (id) VALUES (90)",
        "INSERT INTO taskdatabase (id, task_id, parameters) VALUES (91, 90, '{')",
        "INSERT INTO algorithmport (id) VALUES (90)",
        "INSERT INTO algorithmport (id, run_id) VALUES (91, 90)",
        "INSERT INTO nodeconfig (id) VALUES (90)",
        "INSERT INTO nodeconfig (id, node_id) VALUES (91, 91)",
        #"INSERT INTO "Member" VALUES (NULL, 1), (2, NULL), (NULL, NULL), (2, 1), (2, 1)"#,
        #"INSERT INTO "StudyMember" VALUES (NULL, 90), (2, NULL), (2, 90), (2, 90)"#,
        #"INSERT INTO "Permission" VALUES (NULL, 1), (1, NULL), (90, 1), (1, 1)"#,
        #"INSERT INTO "UserPermission" VALUES (NULL, 1), (1, NULL), (90, 1), (1, 1)"#,
        "INSERT INTO role_rule_association VALUES (NULL, 1), (90, NULL), (90, 1), (90, 1), (90, 90)",
    ]

    /// Rows that name what is not there, and times that are none; only SQLite takes them.
    private static let dangling: [SQL] = [
        #"INSERT INTO "user" (id, username, organization_id, last_login_attempt) VALUES (92, 'x', 999, 'long ago')"#,
        "INSERT INTO node (id, name, organization_id, collaboration_id) VALUES (93, 'x', 999, 999)",
        "INSERT INTO organization (id, name, _public_key) VALUES (92, 'x', X'FF00'), (93, 'y', 'text')",
        "INSERT INTO study (id, name, collaboration_id) VALUES (92, 'x', 999)",
        "INSERT INTO role (id, name, organization_id) VALUES (92, 'x', 999)",
        "INSERT INTO algorithmstore (id, collaboration_id) VALUES (92, 999)",
        """
        INSERT INTO task (id, collaboration_id, study_id, job_id, parent_id, init_org_id, init_user_id,
            algorithm_store_id, created_at) VALUES (92, 999, 999, 9, 92, 999, 999, 999, 'yesterday'),
            (93, 1, 999, 9, 999, 2, 999, 999, '2024-01-01')
        """,
        """
        INSERT INTO run (id, task_id, organization_id, status, started_at, input) VALUES
            (93, 999, 999, 'crashed', '?', X'FF'), (94, 93, 999, NULL, NULL, NULL), (95, 93, 2, NULL, NULL, NULL)
        """,
        #"INSERT INTO "Member" VALUES (999, 1), (2, 999)"#,
        #"INSERT INTO "StudyMember" VALUES (999, 92), (2, 999)"#,
        #"INSERT INTO "Permission" VALUES (999, 1)"#,
        #"INSERT INTO "UserPermission" VALUES (999, 1)"#,
        "INSERT INTO role_rule_association VALUES (999, 1), (90, 999)",
    ]

    @Test(arguments: TestServer.Engine.allCases)
    func everythingCanStillBeRead(_ engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            let network = try await TestNetwork(server)
            let tokens = [
                try await network.user("admin", of: 1, roles: [.root]).token,
                try await network.user("member", of: network.alpha, roles: [.collaborationAdmin]).token,
                network.nodeToken(network.alphaNode),
            ]
            try await server.store.write { session in
                for statement in Self.empty + (engine == .sqlite ? Self.dangling : []) { try session.run(statement) }
            }
            let ids = [1, 2, 90, 91, 92, 93, 94, 95, 999]
            let routes = server.routes.filter { $0.method == "GET" && !$0.path.hasPrefix("/vpn") }
            for route in routes {
                let list = route.path + "?per_page=1000&include=runs,results,task,organizations"
                let filters = route.query.filter { $0.name.hasSuffix("_id") || $0.name == "ids" }
                let paths =
                    route.path.contains("{")
                    ? ids.map {
                        route.path.replacing("{id}", with: "\($0)") + "?include=runs,results,task,organizations"
                    }
                    : [list] + filters.flatMap { filter in ids.map { "\(route.path)?\(filter.name)=\($0)" } }
                for path in paths {
                    for token in tokens {
                        let answer = try await server.send("GET", path, token: token)
                        #expect(answer.status < 500, "\(path): \(answer.text)")
                    }
                }
            }
        }
    }

    /// What is left of a role that is gone gives nothing.
    @Test func aRoleThatIsGoneGivesNoRight() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let user = try await network.user("someone", of: network.alpha)
            try await server.store.write { session in
                try session.run(#"INSERT INTO "Permission" (role_id, user_id) VALUES (999, \#(user.id))"#)
                try session.run(
                    "INSERT INTO role_rule_association (role_id, rule_id) SELECT 999, id FROM rule")
            }
            #expect(try await server.send("GET", "/node", token: user.token).status == 401)
            let object = try await server.send("GET", "/user/\(user.id)?include_permissions=1", token: user.token)
            #expect(object.json["permissions"]?["rules"] == [] && object.json["permissions"]?["roles"] == [])
            let rules = try await server.send("GET", "/rule?user_id=\(user.id)", token: user.token)
            #expect(rules.headers["total-count"] == "0")
        }
    }
}
