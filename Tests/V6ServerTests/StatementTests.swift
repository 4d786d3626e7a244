// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Server

/// Statements and their values on both engines.
@Suite(.timeLimit(.minutes(5)))
struct StatementTests {
    /// A connection to PostgreSQL keeps so many statements prepared, and forgets all of them when there are more.
    @Test(arguments: TestServer.Engine.allCases)
    func statementsThatAreAnnouncedTogetherAreAnsweredHoweverManyThereAre(_ engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            for round in 0..<12 {
                let answers = try await server.store.read { session in
                    let statements = (0..<300).map { SQL(trusted: "SELECT \(round * 300 + $0)") }
                    session.expect(statements)
                    return try statements.map { try session.integer($0) }
                }
                #expect(answers == (0..<300).map { Int64(round * 300 + $0) })
            }
        }
    }
}
