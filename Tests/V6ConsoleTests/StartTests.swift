// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Console

/// What shows before the server has said anything.
@Suite struct StartTests {
    private static let yesterday = Network.now.adding(seconds: -86_400)

    /// The program as it starts with the lists of an earlier session.
    private func remembering(awaitsSession: Bool = false) throws -> App {
        let lists = try #require(Network.federation.lists(at: Self.yesterday))
        var world = World(now: Network.now, size: Size(rows: 24, columns: 80))
        world.identity = Network.identity
        world.connection = .connecting
        world.federation = Federation(remembering: lists)
        var app = App(world: world, theme: .standard, start: .home)
        app.model.awaitsSession = awaitsSession
        return app
    }

    @Test func theListsOfTheLastSessionShowUntilTheServerAnswers() throws {
        var app = try remembering()
        let effects = app.start(at: Network.now)
        #expect(effects.contains(.load(.tasks)) && effects.contains(.load(.nodes)), "nothing counts as loaded")
        app.model.world.running = [:]
        try Golden.check(app.view(), "home-remembered-80x24")
        #expect(app.view().text.contains("as of "))

        _ = app.update(.realtime(.connected), at: Network.now)
        for subject in [Subject.surroundings, .nodes] {
            _ = app.update(.finished(.load(subject), .loaded(answer(to: subject))), at: Network.now)
        }
        #expect(app.view().text.contains("as of "), "the tasks are still those of yesterday")
        let newest = try #require(Network.tasks.first)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(newest), as: UTF8.self)
        let newer = try #require(
            Network.decode(text.replacing("\"id\":30,", with: "\"id\":31,")) as AlgorithmTask?)
        let answer = Loaded.tasks([newer, newest], total: 2, older: false)
        _ = app.update(.finished(.load(.tasks), .loaded(answer)), at: Network.now)
        #expect(app.model.world.federation.taskIDs == [31, 30], "tasks that were deleted meanwhile are gone")
        #expect(app.view().text.contains("▶ 31"), "the cursor is still on the first")
        #expect(app.model.world.federation.rememberedAt([.tasks, .nodes]) == nil)
    }

    private func answer(to subject: Subject) -> Loaded {
        subject == .nodes
            ? .nodes(Network.federation.sortedNodes) : .surroundings(Network.federation.surroundings)
    }

    @Test func aPasswordFromOutsideSignsInBehindTheFirstFrame() throws {
        var app = try remembering(awaitsSession: true)
        #expect(app.start(at: Network.now) == [.openSession], "nothing can be asked before")
        #expect(app.view().text.contains("Home"))
        let effects = app.update(.finished(.openSession, .signedIn(Network.identity)), at: Network.now)
        #expect(effects.contains(.connect) && effects.contains(.load(.tasks)))
        #expect(!app.model.world.federation.taskIDs.isEmpty, "the lists are those of the same account")
    }

    @Test func aServerThatIsAwayIsAskedAgainAndARefusalLeadsToTheSignIn() throws {
        var app = try remembering(awaitsSession: true)
        _ = app.start(at: Network.now)
        let away = Fault(kind: .unreachable, message: "nobody listens")
        _ = app.update(.finished(.openSession, .failed(away)), at: Network.now)
        #expect(app.view().text.contains("reconnecting"))
        let later = Network.now.adding(seconds: Double(Connection.pollingInterval))
        #expect(app.update(.tick, at: later).contains(.openSession))
        let refused = Fault(kind: .unauthenticated, message: "wrong password")
        _ = app.update(.finished(.openSession, .failed(refused)), at: later)
        #expect(app.model.top.place == .signIn && app.view().text.contains("wrong password"))
    }

    @Test func listsAreKeptForTheirAccountWithoutInputsAndLogs() async throws {
        let lists = try #require(Network.federation.lists(at: Network.now))
        #expect(lists.runs.values.joined().allSatisfy { $0.input == nil && $0.log == nil })
        var other = Network.identity
        other.username = "bert"
        let stranger = other
        try await withTemporaryDirectory { folder in
            let environment = ConsoleEnvironment(variables: ["V6_CACHE_DIR": folder.path])
            let cache = ListCache(paths: ConsolePaths(environment: environment))
            try cache.keep(lists, of: Network.identity)
            #expect(cache.lists(of: Network.identity)?.tasks == lists.tasks)
            #expect(cache.lists(of: stranger) == nil)
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/lists")
            let file = try #require(files.first)
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/lists/\(file)")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }
}
