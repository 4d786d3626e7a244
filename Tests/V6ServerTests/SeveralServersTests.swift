// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// Two servers on one PostgreSQL database.
struct SeveralServersTests {
    @Test(.timeLimit(.minutes(5)))
    func eventsCrossBetweenServersAlsoAfterTheDatabaseRestarted() async throws {
        try await TestServer.runTwo { first, second, database in
            let network = try await TestNetwork(first)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let node = SocketIOClient(
                root: second.address.root, transport: second.transport, token: { network.nodeToken(network.alphaNode) })
            var signals = node.signals().makeAsyncIterator()
            func next(_ name: String) async -> JSONValue? {
                while let signal = await signals.next() {
                    if case .event(let event) = signal, event.name == name { return event.arguments.first ?? .null }
                }
                return nil
            }
            #expect(await next("sync") == .null)
            let task = try await network.task(researcher, for: [network.alpha])
            #expect(await next("new_task") == ["id": .integer(task), "parent_id": nil])
            #expect(
                try await first.send("GET", "/node/\(network.alphaNode)", token: researcher).json["status"] == "online")

            await database.stop()
            try await database.start()
            let later = try await network.task(researcher, for: [network.alpha])
            #expect(await next("new_task") == ["id": .integer(later), "parent_id": nil])
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func twoServersHandOutEachIdentifierOnce() async throws {
        try await TestServer.runTwo { first, second, _ in
            let network = try await TestNetwork(first)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let ids = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<40 {
                    let server = number.isMultiple(of: 2) ? first : second
                    group.addTask {
                        let answer = try await server.send(
                            "POST", "/task", token: researcher, body: network.taskBody([network.alpha]))
                        return try #require(answer.json["id"]?.intValue, "\(answer.text)")
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(Set(ids).count == 40)
            let events = try await first.store.read { try EventLog(session: $0).entries(after: 0, limit: 1000) }
            let announced = events.filter { $0.emission.event.name == "new_task" }
                .compactMap { $0.emission.event.arguments.first?["id"]?.intValue }
            #expect(Set(announced) == Set(ids) && announced.count == 40)
        }
    }
}
