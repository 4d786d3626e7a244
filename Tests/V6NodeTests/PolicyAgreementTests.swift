// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

/// Generated configurations and images: what `policy explain` says is what happens, and rules relate as they should.
struct PolicyAgreementTests {
    private static let images = [
        "a/b", "a/b:1", "a/b:2", "a/bc:1", "x/a/b:1", "docker.io/a/b:1", "ghcr.io/x/y", "ghcr.io/x/yz:1",
        "localhost:5000/a/b:1", "a/b:3@sha256:1", "ghcr.io/vantage6/algorithm-basics:latest",
        "ghcr.io/vantage6/algorithm-basics:2",
    ]
    private static let entries = [
        "a/b", "a/b:1", "docker.io/a/b", "a/b.*", "^a/b$", #"ghcr\.io/x/y"#, "localhost[:]5000/.*", "a/b:3@sha256:1",
        ".*", "ghcr.io/x/y",
    ]
    private static let stores = ["http://server/api/store", "http://server/api/other", "http://server/.*"]

    private static func pick(_ texts: [String], _ random: inout SeededGenerator) -> [String] {
        Bool.random(using: &random) ? [] : texts.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
    }

    private static func configuration(_ random: inout SeededGenerator) throws -> PolicyConfiguration {
        PolicyConfiguration(
            allowsBasics: Bool.random(using: &random), users: pick(["7", "8", "ada", "bob"], &random),
            organizations: pick(["1", "2", "North", "South"], &random),
            algorithms: try pick(entries, &random).map { try PolicyEntry($0) },
            stores: try pick(stores, &random).map { try PolicyEntry($0) }, acceptsEither: Bool.random(using: &random))
    }

    private static func server() -> StubServer {
        let server = StubServer()
        server.answer("GET /user/7", 200, ["username": "ada"])
        server.answer("GET /organization/1", 200, ["name": "North"])
        server.answer("GET /algorithmstore/1", 200, ["url": "http://server/api/store"])
        for image in ["a/b", "a/b:1", "ghcr.io/x/y"] {
            server.answer("GET /store/algorithm?image=\(image)", 200, ["data": [["image": .string(image)]]])
        }
        return server
    }

    @Test(arguments: UInt64(1)...60)
    func whatIsExplainedIsWhatHappens(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let configuration = try Self.configuration(&random)
        let server = Self.server()
        let harness = try NodeHarness(server: server, places: 8, policy: configuration)
        let tasks = (1...8).map { id in
            (
                id: id, image: Self.images.randomElement(using: &random) ?? "a/b",
                store: Bool.random(using: &random) ? 1 : nil
            )
        }
        for task in tasks { server.assign(task.id, image: task.image, store: task.store) }
        let supervisor = try await harness.live()
        for task in tasks {
            try #require(try await harness.isDone(task.id))
            let explained = await harness.explain(.init(image: task.image, user: 7, organization: 1, store: task.store))
            let status = server.run(task.id)?["status"]
            #expect(
                status == (explained.isAllowed ? "completed" : "not allowed"),
                "seed \(seed), \(task): \(explained.findings)")
        }
        await supervisor.stop()
    }

    /// Rules as properties, over the same generated configurations.
    @Test(arguments: UInt64(1)...300)
    func rulesRelateAsTheyShould(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let configuration = try Self.configuration(&random)
        let harness = try NodeHarness(server: Self.server(), policy: configuration)
        let image = Self.images.randomElement(using: &random) ?? "a/b"
        let request = Policy.Request(
            image: image, user: 7, organization: 1, store: Bool.random(using: &random) ? 1 : nil)
        func allows(_ change: (inout PolicyConfiguration) -> Void) async -> Bool {
            var changed = configuration
            change(&changed)
            return await harness.explain(request, with: changed).isAllowed
        }
        let isAllowed = await allows { _ in }
        // A list that names exactly what is asked for lets it pass.
        let named = try PolicyEntry(image)
        if isAllowed, !configuration.algorithms.isEmpty {
            #expect(await allows { $0.algorithms.append(named) }, "an entry more never refuses")
            #expect(await allows { $0.acceptsEither = true }, "either is never stricter than both")
            // With "either" and a list of stores, that list then stands alone.
            if !configuration.acceptsEither || configuration.stores.isEmpty {
                #expect(await allows { $0.algorithms = [] }, "a list that is not set has no opinion")
            }
        }
        if isAllowed {
            #expect(await allows { $0.users.append("7") }, "an allowed user more never refuses")
            #expect(await allows { $0.allowsBasics = true })
        }
        #expect(
            await !allows {
                $0.algorithms = []
                $0.stores = []
                $0.users = ["nobody"]
                $0.organizations = []
            })
        #expect(
            await !allows {
                $0.stores = []
                $0.algorithms = (try? [PolicyEntry("no/such/image")]) ?? []
                $0.acceptsEither = true
            }, "either with one list only is that list")
    }
}
