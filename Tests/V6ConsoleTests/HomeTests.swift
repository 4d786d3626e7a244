// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// What home computes and tells beside its lists.
@Suite struct HomeTests {
    private static let large = Size(rows: 45, columns: 160)

    @Test func bookmarksTellWhatIsThereNowAndRecentViewsFollow() {
        var app = Network.app(size: Self.large)
        #expect(app.view().text.contains("No bookmarks yet: m and a number keep a view"))
        app.model.world.bookmarks = [
            1: "task 30", 2: "nodes", 3: "node delta-node", 4: "tasks status=failed", 5: "task 99",
        ]
        app.visit("node maas-node")
        app.visit("run 61")
        app.visit("home")
        let text = app.view().text
        #expect(text.contains(#/1 {2}task 30 {2}Summary of radius +● active {2}0\/1/#))
        #expect(text.contains(#/2 {2}nodes +2\/3 online/#))
        #expect(text.contains(#/3 {2}node delta-node +○ offline {2}Delta UMC/#))
        #expect(text.contains(#/4 {2}tasks status=failed +tasks, filtered/#))
        #expect(text.contains("5  task 99"), "what is not known is no reason to hide the bookmark")
        #expect(text.contains("recent  run 61 · node maas-node"))
        for number in 6...9 { app.model.world.bookmarks[number] = "task \(number)" }
        let full = app.view().text
        #expect((1...9).allSatisfy { full.contains(" \($0)  ") } && full.contains("9  task 9"))
        #expect(full.contains("recent  run 61"))
    }

    @Test(arguments: ["home", "nodes"]) func onlyWhoMayAddANodeIsToldTo(view: String) {
        var app = Network.app(size: Self.large)
        app.model.world.federation.absorb(.nodes([]), for: .nodes, at: Network.now)
        app.visit(view)
        #expect(app.view().text.contains("No nodes yet."))
        var surroundings = Network.surroundings
        surroundings.permissions = Permissions(Network.rules.filter { $0.name != "node" })
        app.model.world.federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
        app.visit("home")
        app.visit(view)
        let text = app.view().text
        #expect(text.contains("There is no node that your account sees.") && !text.contains("No nodes yet."))
    }

    @Test func nodeThatIsOffTellsWhatItKeepsWaitingAndWhomToAsk() {
        var app = Network.app(size: Self.large)
        #expect(app.view().text.contains("! delta-node offline 27 s · blocks 2 runs, of task 31 first"))
        #expect(app.view().text.contains("contact: Delta UMC  example.org"))
        #expect(app.view().text.contains("queue   2 pending (delta-node is offline)"))
        var surroundings = Network.surroundings
        let user: User? = Network.decode(
            #"{"id":9,"username":"dora","email":"dora@delta.example","organization":{"id":3}}"#)
        surroundings.users += [user].compactMap(\.self)
        app.model.world.federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
        _ = app.update(.tick, at: Network.now)
        #expect(app.view().text.contains("contact: Delta UMC  dora  dora@delta.example"))
    }

    @Test func trendCountsEachRunOnceByTheHourOfTheClock() {
        let trend = RunTrend(in: Network.app().model.world)
        // 51, 52, 53, 61, 62 and 63 began after 14:00, 47 and 48 after 13:00.
        #expect(trend.perHour.suffix(2) == [2, 6])
        #expect(trend.count == 12)
        #expect(trend.completed == 5)
        #expect(trend.ended == 7, "who killed a run does not say that it went wrong")
        #expect(trend.median == "41 s")
    }

    @Test func waitingIsTheSlowestsAlone() {
        var waiting = Waiting()
        waiting.add([(1, Network.moment("14:00:00")), (2, Network.moment("14:00:30")), (3, Network.moment("14:01:00"))])
        waiting.add([(1, Network.moment("14:10:10")), (2, Network.moment("14:10:00"))])
        waiting.add([(2, Network.moment("14:20:00"))])
        #expect(waiting.shares.map(\.organization) == [3, 1])
        #expect(waiting.shares.map(\.seconds) == [30, 10])
        #expect(waiting.shares.first?.part == 0.75)
    }

    @Test func serverThatShowsNoRunsOfNodesIsAskedOnce() {
        var app = Network.app(federation: Federation())
        app.model.world.federation.absorb(.nodes(Network.nodes), for: .nodes, at: Network.now)
        let asked = Effect.load(.runsOf(node: 1))
        #expect(!app.update(.tick, at: Network.now).contains(asked), "tasks come first")
        let tasks = Loaded.tasks([], total: 0, older: false)
        #expect(app.update(.finished(.load(.tasks), .loaded(tasks)), at: Network.now).contains(asked))
        let fault = Fault(kind: .forbidden, message: "You lack the permission to do that!")
        _ = app.update(.finished(asked, .failed(fault)), at: Network.now)
        #expect(!app.update(.tick, at: Network.now.adding(seconds: 600)).contains(asked))
    }

    @Test func linesOfLogsChangeNoFigures() {
        var federation = Network.federation
        let before = (federation.changes, federation.version)
        let event = SocketIOEvent(
            name: "algorithm_log", arguments: [["run_id": 61, "task_id": 30, "log": "info > one more"]])
        _ = federation.absorb(event, at: Network.now)
        #expect(federation.changes == before.0)
        #expect(federation.version > before.1)
    }
}
