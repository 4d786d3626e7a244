// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// Refresh tokens: each is used up by its use, and a used one that comes again ends its login.
struct RefreshTests {
    /// What a login or a refresh gives.
    struct Pair: Sendable {
        let access: String
        let refresh: String

        init(_ answer: JSONValue) throws {
            access = try #require(answer["access_token"]?.stringValue)
            refresh = try #require(answer["refresh_token"]?.stringValue)
        }
    }

    private static func refresh(_ token: String, _ server: TestServer) async throws -> TestServer.Answer {
        try await server.send("POST", "/token/refresh", token: token)
    }

    private static func login(_ server: TestServer) async throws -> Pair {
        try Pair(
            try await server.send(
                "POST", "/token/user", body: ["username": "ann", "password": .string(TestNetwork.password)]
            ).json)
    }

    @Test(arguments: TestServer.Engine.allCases)
    func aRefreshTokenThatComesAgainAfterItsSuccessorWasUsedEndsTheLogin(engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            try await TestNetwork(server).user("ann", of: 1)
            let other = try await Self.login(server)
            let first = try await Self.login(server)
            let second = try Pair(try await Self.refresh(first.refresh, server).json)
            #expect(second.refresh != first.refresh)
            let third = try Pair(try await Self.refresh(second.refresh, server).json)
            #expect(try await server.send("GET", "/rule", token: third.access).status == 200)

            #expect(try await Self.refresh(first.refresh, server).message == "Token has been revoked")
            // Neither the thief's tokens nor the owner's are good for anything.
            for token in [first.access, second.access, third.access] {
                #expect(try await server.send("GET", "/rule", token: token).message == "Token has been revoked")
            }
            #expect(try await Self.refresh(third.refresh, server).status == 401)
            // The other login of the same user is.
            #expect(try await server.send("GET", "/rule", token: other.access).status == 200)
            #expect(try await Self.refresh(other.refresh, server).status == 200)
        }
    }

    @Test func twoThreadsOfOneClientMayRefreshAtOnce() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let node = try Pair(server.issuer.session(nodeID: network.alphaNode, epoch: 0))
            let answers = try await withThrowingTaskGroup(of: Pair.self) { group in
                for _ in 0..<8 { group.addTask { try Pair(try await Self.refresh(node.refresh, server).json) } }
                return try await group.reduce(into: [Pair]()) { $0.append($1) }
            }
            for pair in answers {
                #expect(try await server.send("GET", "/node/\(network.alphaNode)", token: pair.access).status == 200)
            }
            // Whichever answer the client kept, it goes on from there.
            #expect(try await Self.refresh(answers[3].refresh, server).status == 200)
        }
    }

    @Test(arguments: [true, false])
    func anAnswerThatWasLostIsGivenAgainUntilItsTokensAreSeen(isSeen: Bool) async throws {
        try await TestServer.run {
            $0.refreshOverlap = 0
        } body: { server in
            try await TestNetwork(server).user("ann", of: 1)
            let first = try await Self.login(server)
            let lost = try Pair(try await Self.refresh(first.refresh, server).json)
            if isSeen { #expect(try await server.send("GET", "/rule", token: lost.access).status == 200) }
            #expect(try await Self.refresh(first.refresh, server).status == (isSeen ? 401 : 200))
            #expect(try await server.send("GET", "/rule", token: lost.access).status == (isSeen ? 401 : 200))
        }
    }

    @Test func tokensOfTheOriginalRotateAsWell() async throws {
        try await TestServer.run { server in
            let user = try await TestNetwork(server).user("ann", of: 1)
            let moment = Int64(Date().timeIntervalSince1970)
            let token = TokenCodec(secret: TestServer.secret, now: { Date() }).sign([
                "fresh": false, "iat": .integer(moment), "jti": "b321f2df-feee-478c-bb25-31a3f6b7dd7e",
                "type": "refresh", "sub": .integer(user.id), "nbf": .integer(moment), "exp": .integer(moment + 100),
                "client_type": "user", "roles": [],
            ])
            let second = try Pair(try await Self.refresh(token, server).json)
            let third = try Pair(try await Self.refresh(second.refresh, server).json)
            #expect(try await Self.refresh(token, server).status == 401)
            #expect(try await server.send("GET", "/rule", token: third.access).status == 401)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func twoServersOnOneDatabaseKnowOfEachOthersRefreshes() async throws {
        try await TestServer.runTwo { one, other, _ in
            try await TestNetwork(one).user("ann", of: 1)
            let first = try await Self.login(one)
            let second = try Pair(try await Self.refresh(first.refresh, other).json)
            let third = try Pair(try await Self.refresh(second.refresh, one).json)
            #expect(try await Self.refresh(first.refresh, other).status == 401)
            #expect(try await one.send("GET", "/rule", token: third.access).status == 401)
        }
    }
}
