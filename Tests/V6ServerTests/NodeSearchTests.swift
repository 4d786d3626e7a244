// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Server

struct NodeSearchTests {
    private let candidates: [(id: Int64, hash: String)] = [(1, "a"), (2, "b"), (3, "c")]

    @Test func theNodeWhoseHashFitsIsFoundAndNoFurtherHashIsMade() async throws {
        let search = NodeSearch()
        var tried: [String] = []
        let found = try await search.first(of: candidates, key: "key") { hash in
            tried.append(hash)
            return hash == "b"
        }
        #expect(found?.id == 2)
        #expect(tried == ["a", "b"])
    }

    @Test func aKeyOfNobodyCostsItsHashesOnce() async throws {
        let search = NodeSearch()
        var hashes = 0
        for _ in 0..<5 {
            let found = try await search.first(of: candidates, key: "made up") { _ in
                hashes += 1
                return false
            }
            #expect(found == nil)
        }
        #expect(hashes == 3)
        // A node that came since is one it was not tried on.
        let found = try await search.first(of: candidates + [(4, "d")], key: "made up") { $0 == "d" }
        #expect(found?.id == 4)
    }

    @Test func onlyAFewSearchesRunAtOnce() async throws {
        let search = NodeSearch()
        try await nested(search, 4)
        await #expect(throws: Failure.self) { try await nested(search, 5) }
        // Those that were under way have ended.
        try await nested(search, 4)
    }

    /// Searches inside one another.
    private func nested(_ search: NodeSearch, _ depth: Int) async throws {
        guard depth > 0 else { return }
        _ = try await search.first(of: candidates, key: "key \(depth)") { _ in
            try await nested(search, depth - 1)
            return true
        }
    }
}
