// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// Where the token of a caller may go.
struct StoreTokenTests {
    @Test(arguments: [
        ("https://store.example.org/api", true), ("http://store.example.org/api", false),
        ("http://127.0.0.1:7602/api", true), ("http://127.000.000.001:7602/api", true), ("http://[::1]/api", true),
        ("http://localhost/api", true), ("http://localhost.example.org/api", false),
        ("http://127.0.0.1.example.org/api", false), ("http://store:5000/api", true), ("http://store.x:5000", false),
        ("ftp://127.0.0.1/", false), ("nonsense", false), ("http://user@evil.example/127.0.0.1", false),
    ])
    func tokensLeaveTheMachineOverTLSOnly(url: String, isAllowed: Bool) {
        let trust = StoreTrust(plainHosts: ["store"])
        if isAllowed {
            #expect(throws: Never.self) { try trust.require(url) }
        } else {
            #expect(throws: Failure.self) { try trust.require(url) }
        }
    }

    @Test func aTaskThroughAStoreWithoutTLSIsRefused() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let admin = try await network.user("root2", of: network.alpha, roles: [.root]).token
            try await server.store.write { session in
                _ = try session.run(
                    """
                    INSERT INTO algorithmstore (id, name, url, collaboration_id)
                        VALUES (77, 'plain', 'http://192.0.2.1/api', \(network.open))
                    """)
            }
            var body = network.taskBody([network.alpha]).objectValue ?? [:]
            body["store_id"] = 77
            let refused = try await server.send("POST", "/task", token: researcher, body: .object(body))
            #expect(refused.status == 400)
            #expect(refused.message?.contains("not reached over https") == true, "\(refused.text)")
            let registration = try await server.send(
                "POST", "/algorithmstore", token: admin,
                body: [
                    "name": "s", "algorithm_store_url": "http://192.0.2.2/api",
                    "server_url": "https://server.example.org/api",
                    "collaboration_id": .integer(network.open),
                ])
            #expect(registration.status == 400)
            #expect(registration.message?.contains("not reached over https") == true, "\(registration.text)")
        }
    }

    @Test func aStoreOfThisMachineIsReachedByItsOtherName() async throws {
        try await FixtureServer.run { request in
            request.headers["authorization"]?.hasPrefix("Bearer ") == true
                ? .json(["id": 1], status: 201) : .json([:], status: 401)
        } body: { store in
            let port = store.root.split(separator: ":").last.map(String.init) ?? ""
            try await TestServer.run {
                $0.developmentHost = "http://127.0.0.1"
            } body: { server in
                let network = try await TestNetwork(server)
                let admin = try await network.user("root2", of: network.alpha, roles: [.root]).token
                let answer = try await server.send(
                    "POST", "/algorithmstore", token: admin,
                    body: [
                        "name": "s", "algorithm_store_url": .string("http://localhost:\(port)/api"), "force": true,
                        "server_url": "https://server.example.org/api", "collaboration_id": .integer(network.open),
                    ])
                #expect(answer.status == 201, "\(answer.text)")
            }
        }
    }
}
