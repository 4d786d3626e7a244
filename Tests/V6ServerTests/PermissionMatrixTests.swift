// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// Who may do what: the whole route table against each kind of token, and the scopes against each place.
struct PermissionMatrixTests {
    @Test func everyRouteRefusesWhoItDoesNotServe() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let user = try await network.user("ann", of: network.alpha).token
            let container = server.issuer.container(
                ContainerIdentity(
                    nodeID: network.alphaNode, organizationID: network.alpha, collaborationID: network.open,
                    studyID: nil, storeID: nil, taskID: 1, image: "image", databases: []))
            let tokens: [(Principal.Kind, String)] = [
                (.user, user), (.node, network.nodeToken(network.alphaNode)), (.container, container),
            ]
            for route in server.routes {
                guard case .access(let kinds) = route.callers else { continue }
                let path = Self.path(route)
                let nobody = try await server.send(route.method, path)
                #expect(nobody.message == "Missing Authorization Header", "\(route.method) \(path)")
                for (kind, token) in tokens where !kinds.contains(kind) {
                    let answer = try await server.send(route.method, path, token: token, body: [:])
                    #expect(answer.status == 401, "\(route.method) \(path) as \(kind)")
                    #expect(answer.message == "This endpoint does not serve \(kind.rawValue) tokens.")
                }
            }
        }
    }

    @Test func withoutARuleNothingIsSeenOrChanged() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("res", of: network.alpha, roles: [.researcher])
            _ = try await network.task(researcher.token, for: [network.alpha])
            let nobody = try await network.user("nobody", of: network.alpha).token
            for path in [
                "/organization", "/collaboration", "/study", "/node", "/user", "/task", "/run", "/result",
                "/algorithmstore", "/organization/\(network.alpha)", "/collaboration/\(network.open)",
                "/node/\(network.alphaNode)", "/user/\(researcher.id)", "/task/1", "/task/1/status", "/run/1",
                "/result/1",
            ] {
                #expect(try await server.send("GET", path, token: nobody).status == 401, "GET \(path)")
            }
            for path in [
                "/organization/\(network.beta)", "/collaboration/\(network.open)", "/node/\(network.alphaNode)",
                "/user/\(researcher.id)", "/task/1",
            ] {
                #expect(try await server.send("DELETE", path, token: nobody).status == 401, "DELETE \(path)")
            }
            #expect(
                try await server.send("POST", "/task", token: nobody, body: network.taskBody([network.alpha]))
                    .status == 401)
        }
    }

    /// One scope of one rule, and where it reaches: own organization, a partner, a stranger.
    struct Reach: Sendable, CustomTestStringConvertible {
        let grant: Grant
        let method: String
        let path: @Sendable (TestNetwork, Int64) -> String
        let own: Bool
        let partner: Bool
        let stranger: Bool
        var testDescription: String { "\(grant.resource) \(grant.operation) \(grant.scope)" }
    }

    static let reaches: [Reach] = {
        let places: [(Scope, Bool, Bool, Bool)] = [
            (.organization, true, false, false), (.collaboration, true, true, false), (.global, true, true, true),
        ]
        return places.flatMap { scope, own, partner, stranger in
            [
                Reach(
                    grant: Grant(resource: .organization, operation: .view, scope: scope), method: "GET",
                    path: { "/organization/\($1)" }, own: own, partner: partner, stranger: stranger),
                Reach(
                    grant: Grant(resource: .organization, operation: .edit, scope: scope), method: "PATCH",
                    path: { "/organization/\($1)" }, own: own, partner: partner, stranger: stranger),
                Reach(
                    grant: Grant(resource: .node, operation: .view, scope: scope), method: "GET",
                    path: { network, organization in "/node?organization_id=\(organization)" }, own: own,
                    partner: partner, stranger: stranger),
                Reach(
                    grant: Grant(resource: .user, operation: .view, scope: scope), method: "GET",
                    path: { network, organization in "/user?organization_id=\(organization)" }, own: own,
                    partner: partner, stranger: stranger),
                Reach(
                    grant: Grant(resource: .role, operation: .view, scope: scope), method: "GET",
                    path: { network, organization in "/role?organization_id=\(organization)" }, own: own,
                    partner: partner, stranger: stranger),
                Reach(
                    grant: Grant(resource: .run, operation: .view, scope: scope), method: "GET",
                    path: { network, organization in "/run?organization_id=\(organization)" }, own: own,
                    partner: partner, stranger: stranger),
            ]
        }
    }()

    @Test(arguments: reaches)
    func scopesReachAsFarAsTheySay(_ reach: Reach) async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let token = try await network.user("ann", of: network.alpha, rules: [reach.grant]).token
            let places = [(network.alpha, reach.own), (network.beta, reach.partner), (network.gamma, reach.stranger)]
            for (organization, isAllowed) in places {
                let answer = try await server.send(
                    reach.method, reach.path(network, organization), token: token,
                    body: reach.method == "GET" ? nil : ["country": "X"])
                #expect(answer.status == (isAllowed ? 200 : 401), "organization \(organization): \(answer.text)")
            }
        }
    }

    @Test func nobodyHandsOutMoreThanTheyHold() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let admin = try await network.user("admin", of: network.alpha, roles: [.organizationAdmin])
            let other = try await network.user("other", of: network.alpha)
            func change(_ user: Int64, _ body: JSONValue) async throws -> TestServer.Answer {
                try await server.send("PATCH", "/user/\(user)", token: admin.token, body: body)
            }
            #expect(try await change(other.id, ["roles": [4]]).status == 200)
            #expect(try await change(other.id, ["roles": [1]]).status == 401)
            #expect(
                try await change(other.id, ["roles": [5]]).message
                    == "You don't have the rule (task, collaboration, create)")
            #expect(try await change(admin.id, ["roles": [4]]).message == "You can't changes your own roles!")
            let role = try await server.send(
                "POST", "/role", token: admin.token, body: ["name": "more", "description": "", "rules": [1]])
            #expect(role.status == 401)
            let created = try await server.send(
                "POST", "/user", token: admin.token,
                body: [
                    "username": "evil", "email": "evil@example.org", "firstname": "E", "lastname": "V",
                    "password": "Passw0rd!", "roles": [1],
                ])
            #expect(created.status == 401)
        }
    }

    @Test func nobodyManagesWhoHoldsMore() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let admin = try await network.user("admin", of: network.alpha, roles: [.organizationAdmin]).token
            let chief = try await network.user("chief", of: network.alpha, roles: [.root])
            let viewer = try await network.user("vic", of: network.alpha, roles: [.viewer])
            for (user, status) in [(chief.id, 401), (viewer.id, 200)] {
                let changed = try await server.send(
                    "PATCH", "/user/\(user)", token: admin, body: ["email": .string("new\(user)@example.org")])
                #expect(changed.status == status)
                #expect(try await server.send("DELETE", "/user/\(user)", token: admin).status == status)
            }
        }
    }

    @Test func secretsNeverLeave() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let root = try await network.user("admin", of: 1, roles: [.root])
            try await server.store.write { session in
                _ = try session.run(#"UPDATE "user" SET otp_secret = 'ABCDEFGHIJKLMNOP' WHERE id = \#(root.id)"#)
            }
            for path in ["/user", "/user/\(root.id)?include_permissions=1", "/node", "/node/\(network.alphaNode)"] {
                let text = try await server.send("GET", path, token: root.token).text
                #expect(!text.contains("$2b$") && !text.contains("ABCDEFGHIJKLMNOP") && !text.contains("api_key"))
            }
            #expect(try await server.send("GET", "/user?sort=password", token: root.token).status == 400)
        }
    }

    private static func path(_ route: Route) -> String {
        route.path.split(separator: "/").map { $0.hasPrefix("{") ? "/1" : "/\($0)" }.joined()
    }
}
