// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Node

struct PolicyTests {
    /// A policy that knows the digests of a few images and nothing else.
    private func policy(_ configuration: PolicyConfiguration, digests: [String: String] = [:]) -> Policy {
        Policy(
            configuration: configuration,
            lookup: .init(
                userName: { $0 == 7 ? "ada" : nil }, organizationName: { $0 == 3 ? "North" : nil },
                storeAddress: { $0 == 1 ? "https://store.example/api" : nil },
                storeOffers: { address, image in address.contains("store.example") && image.hasPrefix("a/") },
                digest: { digests[$0.text] }))
    }

    private func allows(_ entry: String, _ image: String, digests: [String: String] = [:]) async throws -> Bool {
        let configuration = PolicyConfiguration(algorithms: [try PolicyEntry(entry)])
        return await policy(configuration, digests: digests).decide(.init(image: image)).isAllowed
    }

    /// The rules of 4.15.2 with their faults mended, one a line.
    @Test(arguments: [
        ("a/b", "a/b", true), ("a/b", "a/b:7", true), ("a/b", "docker.io/a/b:1", true), ("a/b", "a/b:3@sha256:1", true),
        ("a/b", "a/bc:1", false),
        ("a/b:1", "a/b:1", true), ("a/b:1", "a/b:2", false), ("a/b:1", "a/b", false), ("a/b:1", "a/b@sha256:1", false),
        ("ghcr.io/x/.y", "ghcr.io/x/.y:1", true),
        ("^a/b$", "a/b:1", false), ("^a/b$", "a/b", true),
        ("a/b.*", "x/a/b:1", false), ("a/b.*", "a/b:1", true),
        ("ghcr.io/x/.y", "ghcr.io/x/zy:1", false),
        (#"ghcr\.io/x/y"#, "ghcr.io/x/y", true), (#"ghcr\.io/x/y"#, "ghcr.io/x/y:1", true),
    ])
    func table(entry: String, image: String, expected: Bool) async throws {
        #expect(try await allows(entry, image) == expected)
    }

    /// 4.15.2 leaves the end of a pattern open.
    @Test(arguments: [
        ("^a/b", "a/bevil:1"), (#"ghcr\.io/x/y"#, "ghcr.io/x/yz"), (#"ghcr\.io/x/(y)"#, "ghcr.io/x/y/z:1"),
        ("localhost[:]5000/a", "localhost:5000/ab"), ("localhost(:5000)?", "localhost:5000/anything"),
    ])
    func patternsEndWhereTheNameEnds(entry: String, image: String) async throws {
        #expect(try await allows(entry, image) == false)
    }

    @Test func aNameWithATagAdmitsTheSameContentUnderAnotherTag() async throws {
        let digests = ["a/b:1": "sha256:1", "a/b:2": "sha256:1", "a/b:3": "sha256:3"]
        #expect(try await allows("a/b:1", "a/b:2", digests: digests))
        #expect(try await allows("a/b:1", "a/b:3", digests: digests) == false)
        #expect(try await allows("a/b:1", "a/b:4", digests: digests) == false)
        // What a task names by its digest, and the other way round.
        let pinned = ["a/b:1": "sha256:1", "a/b@sha256:1": "sha256:1", "a/b": "sha256:1"]
        #expect(try await allows("a/b:1", "a/b@sha256:1", digests: pinned))
        #expect(try await allows("a/b:1", "a/b", digests: pinned))
        #expect(try await allows("a/b@sha256:1", "a/b:1", digests: pinned))
        #expect(try await allows("x/b:1", "a/b:1", digests: pinned) == false)
    }

    /// In 4.15.2 an entry with `docker.io/` matches nothing.
    @Test func dockerHubMayBeWrittenOut() async throws {
        #expect(try await allows("docker.io/a/b", "a/b:1"))
        #expect(try await allows("docker.io/a/b", "a/bc:1") == false)
    }

    @Test(arguments: [
        (["7"], [], true), (["ada"], [], true), (["8"], [], false), ([], ["3"], true), ([], ["North"], true),
        ([], ["South"], false), (["8"], ["3"], true), (["8"], ["4"], false), ([], [], true),
    ])
    func initiators(users: [String], organizations: [String], expected: Bool) async {
        let configuration = PolicyConfiguration(users: users, organizations: organizations)
        let decision = await policy(configuration).decide(.init(image: "a/b", user: 7, organization: 3))
        #expect(decision.isAllowed == expected)
    }

    /// Algorithm list set or not, store list set or not, "either" or not: what is unset has no say.
    @Test(arguments: [
        // algorithm list, store list, either, image, store, allowed
        ("a/b", "", false, "a/b", nil as Int?, true), ("a/b", "", false, "x/y", 1, false),
        ("a/b", "", true, "x/y", 1, false), ("a/b", "", true, "a/b", nil, true),
        ("", "https://store.example/api", false, "a/b", 1, true),
        ("", "https://store.example/api", false, "a/b", nil, false),
        ("", "https://store.example/api", true, "x/y", 1, false), ("", "https://other.example", false, "a/b", 1, false),
        ("a/b", "https://store.example/api", false, "a/b", 1, true),
        ("a/b", "https://store.example/api", false, "a/b", nil, false),
        ("a/b", "https://store.example/api", true, "a/b", nil, true),
        ("a/b", "https://store.example/api", true, "a/c", 1, true),
        ("a/b", "https://store.example/api", true, "x/y", 1, false), ("", "", true, "x/y", nil, true),
    ])
    func algorithmsAndStores(
        algorithm: String, store: String, either: Bool, image: String, taskStore: Int?, expected: Bool
    ) async throws {
        let configuration = PolicyConfiguration(
            algorithms: algorithm.isEmpty ? [] : [try PolicyEntry(algorithm)],
            stores: store.isEmpty ? [] : [try PolicyEntry(store)], acceptsEither: either)
        let decision = await policy(configuration).decide(.init(image: image, store: taskStore))
        #expect(decision.isAllowed == expected, "\(decision.findings)")
    }

    @Test func theBasicsAlgorithmCanBeRefused() async throws {
        let decision = await policy(PolicyConfiguration(allowsBasics: false))
            .decide(.init(image: "ghcr.io/vantage6/algorithm-basics:latest"))
        #expect(!decision.isAllowed)
        #expect(decision.refusal.contains("allow_basics_algorithm"))
        // It is allowed by its own key only where the other rules allow it, too.
        let others = PolicyConfiguration(algorithms: [try PolicyEntry("a/b")])
        #expect(await !policy(others).decide(.init(image: "ghcr.io/vantage6/algorithm-basics:latest")).isAllowed)
    }

    @Test func anInvalidPatternIsRefusedWhenItIsRead() {
        #expect(throws: (any Error).self) { try PolicyEntry("a/(b") }
    }
}
