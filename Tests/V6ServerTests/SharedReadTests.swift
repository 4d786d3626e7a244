// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6TestSupport

@testable import V6Server

/// Reads whose statements are known beforehand, which share transactions.
@Suite(.timeLimit(.minutes(5)))
struct SharedReadTests {
    private static let count: SQL = "SELECT count(*) FROM rule"

    @Test(arguments: TestServer.Engine.allCases)
    func eachReadGetsItsOwnAnswer(_ engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            let answers = try await withThrowingTaskGroup(of: (Int, Int64?, Int64?).self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let own: SQL = "SELECT CAST(\(number) AS BIGINT)"
                        // Every third asks something that it did not announce.
                        let known = number.isMultiple(of: 3) ? [Self.count] : [own, Self.count]
                        return try await server.store.read(asking: known, kind: 0) { session in
                            (number, try session.integer(own), try session.integer(Self.count))
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 200)
            #expect(answers.allSatisfy { $0.1 == Int64($0.0) && $0.2 == 86 })
        }
    }

    /// On PostgreSQL, which refuses to divide by zero; SQLite does not.
    @Test func aReadThatIsRefusedTakesNoOtherWithIt() async throws {
        try await TestServer.run(on: .postgres) { server in
            let outcomes = await withTaskGroup(of: (Int, Result<Int64?, any Error>).self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let divisor = number.isMultiple(of: 10) ? 0 : 1
                        let own: SQL = "SELECT \(number) / CAST(\(divisor) AS BIGINT)"
                        do {
                            let value = try await server.store.read(asking: [own], kind: 0) { try $0.integer(own) }
                            return (number, .success(value))
                        } catch { return (number, .failure(error)) }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for (number, outcome) in outcomes {
                switch outcome {
                case .success(let value): #expect(value == Int64(number) && !number.isMultiple(of: 10))
                case .failure(let error): #expect(error is StoreError && number.isMultiple(of: 10))
                }
            }
        }
    }

    /// A closure may give up with an error of its own, such as a refusal, which concerns nobody else.
    @Test(arguments: TestServer.Engine.allCases)
    func aReadThatGivesUpLeavesTheTransactionToTheOthers(_ engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            let kept = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        do {
                            let rules = try await server.store.read(asking: [Self.count], kind: 0) { session in
                                if number.isMultiple(of: 5) { throw Failure.lacksPermission }
                                return try session.integer(Self.count)
                            }
                            return rules == 86
                        } catch { return number.isMultiple(of: 5) && error is Failure }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(kept.count == 60 && kept.allSatisfy(\.self))
        }
    }

    @Test(arguments: TestServer.Engine.allCases)
    func aReadSeesWhatWasWrittenBeforeItWasAsked(_ engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            let version: SQL = "SELECT version FROM v6_access"
            for _ in 0..<50 {
                let written = try await server.store.write { session in
                    try session.run("UPDATE v6_access SET version = version + 1")
                    return try session.integer(version)
                }
                async let other = server.store.read(asking: [version], kind: 0) { try $0.integer(version) }
                let seen = try await server.store.read(asking: [version], kind: 0) { try $0.integer(version) }
                #expect(seen == written)
                #expect(try await other == written)
            }
        }
    }

    @Test func readsGoOnWhenTheDatabaseWasRestarted() async throws {
        try await TestServer.runTwo { first, _, database in
            for _ in 0..<3 {
                async let before = first.store.read(asking: [Self.count], kind: 0) { try $0.integer(Self.count) }
                #expect(try await before == 86)
                await database.stop()
                try await database.start()
                let after = try await withThrowingTaskGroup(of: Int64?.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            try await first.store.read(asking: [Self.count], kind: 0) { try $0.integer(Self.count) }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(after.count == 20 && after.allSatisfy { $0 == 86 })
            }
        }
    }
}

/// Jobs that wait for a worker.
struct GatheringTests {
    @Test func aWorkerIsSentWhileThereAreFewAndTakesWhatHasCome() {
        let gathering = Gathering<Int>(mostWorkers: 2, mostJobs: 3)
        #expect(gathering.add(1))
        #expect(gathering.add(2))
        for job in 3...5 { #expect(!gathering.add(job)) }
        #expect(gathering.take() == [1, 2, 3])
        #expect(gathering.take() == [4, 5])
        #expect(gathering.take() == [])
        // One went, so another one is sent for the next job.
        #expect(gathering.add(6))
        #expect(!gathering.add(7))
    }
}
