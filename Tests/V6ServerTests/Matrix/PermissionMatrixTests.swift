// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// Every route against every kind of caller, every rule alone and every default role, and every place: allowed and seen is
/// what ``MatrixModel`` says, which reads `rules.json` and nothing of the server.
struct PermissionMatrixTests {
    private static let cases =
        MatrixCase.reading + MatrixCase.accounts + MatrixCase.organizing + MatrixCase.collaborating
        + MatrixCase.computing

    @Test func everyRouteHasACase() async throws {
        try await Self.run { matrix in
            let known = Set(Self.cases.map(\.route) + MatrixList.all.map { "GET \($0.path)" } + ["POST /token/refresh"])
            for route in matrix.server.routes { #expect(known.contains("\(route.method) \(route.path)")) }
        }
    }

    @Test func tokensOfOtherKindsAreRefused() async throws {
        try await Self.run { matrix in
            for item in Self.cases + MatrixList.all.map({ MatrixCase("GET \($0.path)") { _ in true } }) {
                let route = try #require(matrix.route(item.route))
                guard case .access(let kinds) = route.callers else { continue }
                #expect(await matrix.ask(item, token: nil).status == 401, "\(item.route) without a token")
                #expect(await matrix.ask(item, token: matrix.refresh).status == 422, "\(item.route), refresh token")
                for (kind, token) in matrix.tokens
                where !kinds.contains(Principal.Kind(rawValue: kind.rawValue) ?? .user) {
                    let answer = await matrix.ask(item, token: token)
                    #expect(answer.status == 401, "\(item.route) as \(kind)")
                    #expect(answer.json["msg"] == .string("This endpoint does not serve \(kind.rawValue) tokens."))
                }
            }
            for token in matrix.tokens.values {
                #expect(await matrix.ask(MatrixCase("POST /token/refresh") { _ in true }, token: token).status == 422)
            }
            #expect(await matrix.ask(MatrixCase("POST /token/refresh") { _ in true }, token: nil).status == 401)
        }
    }

    @Test func everyCallerMayWhatTheRulesSay() async throws {
        try await Self.run { matrix in
            for caller in try await matrix.callers() {
                try await matrix.grant(caller)
                let model = MatrixModel(caller: caller)
                await matrix.each(Self.cases.filter { matrix.serves(caller, $0) }) { item in
                    let answer = await matrix.ask(item, token: matrix.tokens[caller.kind])
                    let expected = item.allowed(model)
                    matrix.requireSeen(answer.json, in: item, model)
                    #expect(
                        (expected ? item.good : [401]).contains(answer.status),
                        "\(caller.label): \(item.method) \(item.path): \(expected) \(answer.status) \(answer.json.text())"
                    )
                }
            }
        }
    }

    @Test func everyCallerSeesWhatTheRulesSay() async throws {
        try await Self.run { matrix in
            for caller in try await matrix.callers() {
                try await matrix.grant(caller)
                let model = MatrixModel(caller: caller)
                for list in MatrixList.all {
                    let item = MatrixCase("GET \(list.path)", "\(list.path)?per_page=1000") { _ in true }
                    guard matrix.serves(caller, item) else { continue }
                    let answer = await matrix.ask(item, token: matrix.tokens[caller.kind])
                    let seen = answer.status == 401 ? nil : answer.ids
                    #expect(seen == list.listed(model), "\(caller.label): GET \(list.path): \(answer.status)")
                }
            }
        }
    }

    @Test func noFilterAndNoIncludeShowsMore() async throws {
        try await Self.run { matrix in
            for caller in try await matrix.callers() {
                try await matrix.grant(caller)
                for list in MatrixList.all {
                    await matrix.search(list, as: caller)
                }
            }
        }
    }

    private static func run(_ body: @escaping @Sendable (Matrix) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("s.sqlite").path
            let store = try await Server.open(.sqlite(path: path))
            var configuration = ServerConfiguration(database: .sqlite(path: path))
            configuration.port = 0
            configuration.secret = TestServer.secret
            configuration.limits.requestsPerSecond = 0
            configuration.blobs = BlobConfiguration(place: .folder(folder.appendingPathComponent("blobs").path))
            try await store.write { session in
                try Foundations(session: session).lay()
                try FirstAdministrator(environment: [:]).create(hash: TestNetwork.hash, session)
                try MatrixWorld.build(session)
            }
            try await TestServer.run(configuration, store: ForgetfulStore(store: store)) { server in
                try await body(Matrix(server: server, store: store))
            }
        }
    }
}
