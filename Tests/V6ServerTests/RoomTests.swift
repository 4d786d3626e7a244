// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Server

/// Which rooms a token opens.
struct RoomTests {
    private static func rooms(_ token: String, _ server: TestServer) async throws -> [Room]? {
        guard case .member(let member, _) = await server.hub.handlers.recognize(authorization: "Bearer \(token)") else {
            return nil
        }
        return member.rooms
    }

    @Test func theWidestRuleOfAUserDecidesAlone() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let own: [Room] = [
                .organization(network.beta, collaboration: network.open),
                .organization(network.beta, collaboration: network.encrypted),
            ]
            let shared: [Room] = [.collaboration(network.open), .collaboration(network.encrypted)]
            for (scopes, expected) in [
                ([], []), ([.organization], own), ([.collaboration], shared),
                ([.organization, .collaboration], shared), ([.organization, .global], shared),
            ] as [([Scope], [Room])] {
                let rules = scopes.map { Grant(resource: .event, operation: .receive, scope: $0) }
                // The right to send opens nothing.
                let sending = Grant(resource: .event, operation: .send, scope: .global)
                let name = "u\(scopes.map(\.rawValue))"
                let user = try await network.user(name, of: network.beta, rules: rules + [sending])
                let rooms = try await Self.rooms(user.token, server)
                #expect(rooms == expected, "\(scopes)")
            }
            // All there are, also without being a member.
            let global = Grant(resource: .event, operation: .receive, scope: .global)
            let outsider = try await network.user("delta", of: network.delta, rules: [global])
            let all = try await Self.rooms(outsider.token, server)
            #expect(all == shared)
        }
    }

    @Test func aNodeHearsItsCollaborationAndOtherTokensOpenNothing() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let node = try await Self.rooms(network.nodeToken(network.betaNode), server)
            #expect(
                node == [
                    .allNodes, .collaboration(network.open),
                    .organization(network.beta, collaboration: network.open),
                ])
            let refresh = server.issuer.session(nodeID: network.betaNode, epoch: 0)["refresh_token"]?.stringValue
            let container = server.issuer.container(
                ContainerIdentity(
                    nodeID: network.betaNode, organizationID: network.beta, collaborationID: network.open,
                    studyID: nil, storeID: nil, taskID: 1, image: "image", databases: []))
            for token in [try #require(refresh), container, "x.y.z", ""] {
                let rooms = try await Self.rooms(token, server)
                #expect(rooms == nil, "\(token)")
            }
        }
    }
}
