// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Server

/// Walks through long lists, whose pages begin where earlier ones did.
struct PageWalkTests {
    private static let perPage = 90

    /// Adds tasks, every third of them in the encrypted collaboration; gives those of the open one.
    private static func fill(_ network: TestNetwork, _ ids: ClosedRange<Int64>) async throws -> [Int64] {
        try await network.server.store.write { session in
            for id in ids {
                let isOpen = id % 3 > 0
                try session.run(
                    """
                    INSERT INTO task (id, name, collaboration_id, init_org_id) VALUES (\(id), 'walk',
                        \(isOpen ? network.open : network.encrypted), \(isOpen ? network.alpha : network.gamma))
                    """)
            }
        }
        return ids.filter { $0 % 3 > 0 }
    }

    /// Asks for pages and compares them with the part of the list that they are.
    private static func walk(
        _ pages: [Int], of list: [Int64], _ server: TestServer, token: String,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        for page in pages {
            let answer = try await server.send("GET", "/task?per_page=\(perPage)&page=\(page)", token: token)
            let ids = answer.json["data"]?.arrayValue?.compactMap { $0["id"]?.intValue }
            let wanted = list.reversed().dropFirst((page - 1) * perPage).prefix(perPage).map { Int($0) }
            #expect(ids == wanted, "page \(page)", sourceLocation: location)
            #expect(answer.headers["total-count"] == "\(list.count)", sourceLocation: location)
        }
    }

    @Test(arguments: [900, 8_400] as [Int64], TestServer.Engine.allCases)
    func everyPageIsThatPartOfTheListAlsoWhileItChanges(tasks: Int64, engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) { server in
            let network = try await TestNetwork(server)
            let admin = try await network.user("admin", of: 1, roles: [.root]).token
            let viewer = try await network.user("viewer", of: network.alpha, roles: [.viewer]).token
            var open = try await Self.fill(network, 1...tasks)
            var all = Array(1...tasks)
            let last = Int(tasks) / Self.perPage
            let ends = [1, 2, 3, 4, 2, last / 2, last / 2 + 1, last, last - 1, last + 1, 4]
            let middles = [1, 2, 3, 2, last / 3, last / 3 + 1, 5, 4, 3]
            try await Self.walk(ends, of: all, server, token: admin)
            try await Self.walk(middles, of: open, server, token: viewer)
            // New ones come on top, which moves every page.
            let new = tasks + 1...tasks + 100
            open += try await Self.fill(network, new)
            all += new
            try await Self.walk(ends, of: all, server, token: admin)
            try await Self.walk(middles, of: open, server, token: viewer)
            // One goes from the middle, and one changes its collaboration.
            let (gone, moved) = (open[open.count / 2], open[open.count / 3])
            try await server.store.write { session in
                try session.run("DELETE FROM task WHERE id = \(gone)")
                try session.run("UPDATE task SET collaboration_id = \(network.encrypted) WHERE id = \(moved)")
            }
            all.removeAll { $0 == gone }
            open.removeAll { $0 == gone || $0 == moved }
            try await Self.walk(ends, of: all, server, token: admin)
            try await Self.walk(middles, of: open, server, token: viewer)
        }
    }
}
