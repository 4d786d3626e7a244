// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// Keys and messages in, effects and places out.
@Suite struct AppTests {
    private func press(_ app: inout App, _ keys: Key...) -> [Effect] {
        keys.flatMap { app.update(.key($0), at: Network.now) }
    }

    private func type(_ app: inout App, _ text: String) -> [Effect] {
        text.flatMap { app.update(.key(.character($0)), at: Network.now) }
    }

    @Test func whatIsMissingIsAskedForOnce() {
        var app = Network.app(federation: Federation())
        let first = app.update(.tick, at: Network.now)
        #expect(Set(first).isSuperset(of: [.load(.surroundings), .load(.nodes), .load(.tasks)]))
        #expect(app.update(.tick, at: Network.now).isEmpty, "an effect that runs is not started again")
        #expect(app.model.world.running.count == first.count)
        _ = app.update(.finished(.load(.nodes), .loaded(.nodes(Network.nodes))), at: Network.now)
        #expect(app.model.world.running[.load(.nodes)] == nil)
    }

    @Test func enterOpensAndEscapeLeads() {
        var app = Network.app()
        app.visit("tasks")
        _ = press(&app, "j", .enter)
        #expect(app.model.top.place == .task(28))
        _ = press(&app, .enter)
        #expect(app.model.top.place == .run(51))
        _ = press(&app, .escape)
        #expect(app.model.top.place == .task(28))
        _ = press(&app, "q", "q")
        #expect(app.model.top.place == .home)
    }

    @Test func quitAsksOnTheFirstViewOnly() {
        var app = Network.app()
        #expect(press(&app, "q").isEmpty)
        #expect(app.model.dialog?.title == "Quit")
        #expect(press(&app, "n").isEmpty)
        #expect(app.model.dialog == nil)
        #expect(press(&app, "q", "y") == [.quit(0)])
        #expect(press(&app, "Q") == [.quit(0)])
        #expect(type(&app, ":q") + press(&app, .enter) == [.quit(0)])
    }

    @Test func killNeedsAYes() {
        var app = Network.app()
        app.visit("task 30")
        #expect(press(&app, "x", .enter).isEmpty, "enter is no yes")
        #expect(app.model.dialog == nil)
        #expect(press(&app, "x", "y") == [.kill(task: 30)])
        #expect(app.view().text.contains("… killing"))
        let after = app.update(.finished(.kill(task: 30), .done("done")), at: Network.now)
        #expect(Set(after).isSuperset(of: [.load(.task(30)), .load(.runs(task: 30))]))
    }

    @Test func killOfManyNeedsTheNumber() {
        var app = Network.app()
        app.visit("tasks status=active|pending")
        _ = app.update(.tick, at: Network.now)
        #expect(press(&app, "*", "x", "y").isEmpty)
        #expect(app.model.dialog != nil)
        _ = press(&app, .control("u"))
        _ = type(&app, "2")
        #expect(press(&app, .enter) == [.kill(task: 30)])
    }

    @Test func whatCannotBeDoneSaysWhy() {
        var app = Network.app()
        app.visit("task 28")
        #expect(press(&app, "x").isEmpty)
        #expect(app.model.notice?.text.contains("the task is over (completed)") == true)
        app.visit("task 30")
        app.model.world.isReadOnly = true
        #expect(press(&app, "x").isEmpty)
        #expect(app.model.notice?.text.contains("read-only") == true)
        app.model.world.isReadOnly = false
        app.model.world.connection = .lost(attempt: 1, wait: 1)
        #expect(press(&app, "x").isEmpty)
        #expect(app.model.notice?.text.contains("no connection") == true)
    }

    @Test func aRuleOfTheOwnOrganizationDoesNotKill() {
        var surroundings = Network.surroundings
        surroundings.permissions = Permissions(
            [#"{"id":1,"name":"event","operation":"SEND","scope":"ORGANIZATION"}"#].compactMap {
                Network.decode($0) as Rule?
            })
        var app = Network.app()
        app.model.world.federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
        app.visit("task 30")
        #expect(press(&app, "x").isEmpty && app.model.dialog == nil)
        #expect(app.model.notice?.text.contains("needs rule event send (collaboration or global)") == true)
        #expect(press(&app, "n").isEmpty)
        #expect(app.model.top.place == .task(30))
    }

    @Test func readOnlyEndsOnlyAfterAQuestion() {
        var app = Network.app()
        _ = press(&app, "Z")
        #expect(app.model.world.isReadOnly)
        _ = press(&app, "Z", "n")
        #expect(app.model.world.isReadOnly)
        _ = press(&app, "Z", "y")
        #expect(!app.model.world.isReadOnly)
    }

    @Test func aFilterWorksWhileItIsTyped() {
        var app = Network.app()
        app.visit("tasks")
        _ = type(&app, "/status=comp")
        #expect(app.view().text.contains("The filter hides") == true)
        _ = type(&app, "leted")
        #expect(app.view().text.contains("Logistic regression"))
        #expect(!app.view().text.contains("Kaplan-Meier"))
        _ = press(&app, .enter, .escape)
        #expect(app.view().text.contains("Kaplan-Meier"), "esc clears the filter before it leads back")
        #expect(app.model.top.place == .tasks(filter: ""))
    }

    @Test func thePlaceInAListStaysWhenTasksArrive() throws {
        var app = Network.app()
        app.visit("tasks")
        _ = press(&app, "j", "j")
        let screen = try #require(app.model.top as? TaskListScreen)
        #expect(screen.pointed == 27)
        let new = try #require(Network.task(33, "Newest", "pending", created: "14:22:00"))
        _ = app.update(.finished(.load(.task(33)), .loaded(.task(new))), at: Network.now)
        #expect((app.model.top as? TaskListScreen)?.pointed == 27)
        #expect((app.model.top as? TaskListScreen)?.rows.first == 33)
    }

    @Test func statusChangesShowWithoutAKey() throws {
        var app = Network.app()
        app.visit("task 28")
        app.visit("task 30")
        let body: JSONValue = [
            "status": "completed", "run_id": 61, "task_id": 30, "job_id": 30, "collaboration_id": 1, "node_id": 1,
            "organization_id": 1, "parent_id": nil,
        ]
        let effects = app.update(
            .realtime(.event(SocketIOEvent(name: "algorithm_status_change", arguments: [body]))), at: Network.now)
        #expect(app.model.world.federation.run(61)?.status == .completed)
        #expect(app.model.world.federation.tasks[30]?.status == .completed)
        #expect(effects.contains(.loadLater(.run(61), milliseconds: 300)))
        #expect(app.view().text.contains("completed"))
    }

    /// What the server was asked before a run ended says that it still runs.
    @Test func anAnswerFromBeforeTheEndOpensNoRunAgain() throws {
        var app = Network.app()
        let body: JSONValue = ["status": "crashed", "run_id": 61, "task_id": 30]
        _ = app.update(
            .realtime(.event(SocketIOEvent(name: "algorithm_status_change", arguments: [body]))), at: Network.now)
        let old = try #require(Network.run(61, task: 30, organization: 1, "active", started: "14:20:00"))
        for effect in [Effect.load(.runs(task: 30)), .load(.run(61))] {
            let answer: Loaded = effect == .load(.run(61)) ? .run(old) : .runs(task: 30, [old])
            _ = app.update(.finished(effect, .loaded(answer)), at: Network.now)
            let run = app.model.world.federation.run(61)
            #expect(run?.status == .crashed && run?.finishedAt == Network.now)
        }
    }

    /// 4.15.2 fails the runs that have not started, and tells nobody.
    @Test func aFailureLooksAtTheRunsThatHaveNotStarted() {
        func event(_ status: String, run: Int, task: Int) -> Message {
            let body: JSONValue = [
                "status": .string(status), "run_id": .integer(Int64(run)), "task_id": .integer(Int64(task)),
            ]
            return .realtime(.event(SocketIOEvent(name: "algorithm_status_change", arguments: [body])))
        }
        var app = Network.app()
        let look = Effect.loadLater(.runs(task: 31), milliseconds: 500)
        #expect(!app.update(event("completed", run: 63, task: 31), at: Network.now).contains(look))
        app = Network.app()
        #expect(app.update(event("crashed", run: 63, task: 31), at: Network.now).contains(look))
        let stored = Message.realtime(.event(SocketIOEvent(name: "status_update", arguments: [["run_id": 63]])))
        #expect(app.update(stored, at: Network.now).contains(look), "the event may come before the change is stored")
        let alone = app.update(event("crashed", run: 61, task: 30), at: Network.now)
        #expect(!alone.contains(.loadLater(.runs(task: 30), milliseconds: 500)), "nothing waits there")
    }

    @Test func logLinesArriveOneEventALine() {
        var app = Network.app()
        app.visit("run 61")
        for text in ["info > round 1\n", "info > round 2"] {
            let body: JSONValue = ["run_id": 61, "task_id": 30, "log": .string(text)]
            _ = app.update(.realtime(.event(SocketIOEvent(name: "algorithm_log", arguments: [body]))), at: Network.now)
        }
        #expect(app.model.world.federation.logs[61]?.text.hasSuffix("info > round 1\ninfo > round 2") == true)
        #expect(app.view().text.contains("info > round 2"))
    }

    @Test func aNewRunStandsInTheListOfItsNode() throws {
        var federation = Network.federation
        let older = try #require(federation.runsOfNode[1]).map(\.id)
        let new = try #require(Network.run(70, task: 32, organization: 1, "active", log: "one\n"))
        let old = try #require(Network.run(3, task: 33, organization: 1, "completed"))
        federation.absorb(.runs(task: 32, [new]), for: .runs(task: 32), at: Network.now)
        federation.absorb(.runs(task: 33, [old]), for: .runs(task: 33), at: Network.now)
        #expect(federation.runsOfNode[1]?.map(\.id) == [70] + older)
        #expect(federation.runsOfNode[1]?.first?.log == nil)
    }

    @Test func whenANodeCameAndWentIsKept() {
        var app = Network.app(size: Size(rows: 45, columns: 160))
        app.visit("node maas-node")
        for (index, name) in ["node-offline", "node-online"].enumerated() {
            let body: JSONValue = ["id": 1, "name": "maas-node", "org_id": 1]
            let event = SocketIOEvent(name: name, arguments: [body])
            _ = app.update(.realtime(.event(event)), at: Network.now.adding(seconds: Double(index) * 90))
        }
        #expect(app.model.world.federation.presences[1]?.outages(until: Network.now) == [90])
        let text = app.view().text
        #expect(text.contains("online since") && text.contains("14:23:37  (0 s)"))
        #expect(text.contains("1 · longest 1 min 30 s · since 14:22:07"))
        #expect(text.contains("VS PEERS") && text.contains("central") && text.contains("1.8 ×"))
    }

    @Test func aNodeThatGoesOffShows() {
        var app = Network.app()
        let body: JSONValue = ["id": 1, "name": "maas-node", "org_id": 1]
        for _ in 0..<2 {
            _ = app.update(.realtime(.event(SocketIOEvent(name: "node-offline", arguments: [body]))), at: Network.now)
        }
        #expect(app.view().text.contains("Nodes 1/3"))
        #expect(app.model.world.federation.events.count { $0.text.contains("maas-node is offline") } == 1, "told once")
    }

    @Test func withoutEventsTheServerIsAskedAgain() {
        var app = Network.app()
        app.model.world.federation.absorb(
            .surroundings(
                {
                    var alone = Network.surroundings
                    alone.permissions = Permissions(Network.rules.filter { $0.operation != "RECEIVE" })
                    return alone
                }()), for: .surroundings, at: Network.now)
        _ = app.update(.realtime(.connected), at: Network.now)
        #expect(app.model.world.connection == .polling(reason: "your account may not receive events"))
        #expect(app.view().text.contains("polling 5 s"))
        app.model.world.running = [:]
        #expect(app.update(.tick, at: Network.now.adding(seconds: 4.9)).isEmpty)
        #expect(app.update(.tick, at: Network.now.adding(seconds: 5.1)).contains(.load(.tasks)))
        let allowed = app.update(
            .finished(.load(.surroundings), .loaded(.surroundings(Network.surroundings))), at: Network.now)
        #expect(allowed.contains(.connect), "who got the rule listens")
        _ = app.update(.realtime(.connected), at: Network.now)
        #expect(app.model.world.connection == .live)
    }

    @Test func aLostConnectionKeepsThePlaceAndComesBack() {
        var app = Network.app()
        app.visit("run 61")
        _ = app.update(.realtime(.disconnected(reason: "gone")), at: Network.now)
        _ = app.update(.realtime(.retrying(after: .seconds(4), attempt: 3)), at: Network.now)
        #expect(app.view().text.contains("reconnecting 4 s (3)"))
        #expect(app.view().text.contains("as of 14:22:07"))
        app.model.world.running = [:]
        let effects = app.update(.realtime(.connected), at: Network.now)
        #expect(app.model.world.connection == .live)
        #expect(app.model.top.place == .run(61))
        #expect(Set(effects).isSuperset(of: [.load(.surroundings), .load(.run(61)), .load(.nodes)]))
    }

    /// Otherwise a form, which asks for nothing, would say "reconnecting" for ever after its session was revoked.
    @Test func viewThatAsksForNothingStillLearnsThatTheServerIsBack() {
        var app = Network.app()
        app.visit("help")
        _ = app.update(.realtime(.disconnected(reason: "gone")), at: Network.now)
        let effects = app.update(.tick, at: Network.now.adding(seconds: 60))
        #expect(effects.contains(.load(.surroundings)))
    }

    @Test func anEndedSignInAsksOverTheView() {
        var app = Network.app()
        app.visit("run 61")
        let load = Effect.load(.run(61))
        _ = app.update(
            .finished(load, .failed(Fault(kind: .unauthenticated, message: "Token has expired"))), at: Network.now)
        #expect(app.model.top.place == .signIn)
        #expect(app.view().text.contains("Your sign-in has ended"))
        let effects = app.update(
            .finished(
                .signIn(SignInRequest(server: "", username: "", password: "", keyPath: "")), .signedIn(Network.identity)
            ),
            at: Network.now)
        #expect(app.model.top.place == .run(61), "the person is back where they were")
        #expect(effects.contains(.connect))
    }

    @Test func whenNothingHappensTheLoopSleeps() {
        var app = Network.app()
        app.model.pollAt = nil
        for id in [30, 31, 24] { app.model.world.federation.tasks[id]?.status = .completed }
        app.model.world.federation.touch()
        _ = app.update(.tick, at: Network.now)
        app.model.world.running = [:]
        #expect(app.pause(at: Network.now) == 20)
        app.model.world.identity = nil
        #expect(app.pause(at: Network.now) == nil)
    }

    @Test func aPasteInAListIsAFilterAndNeverKeys() {
        var app = Network.app()
        app.visit("tasks")
        #expect(app.update(.paste("xy\nQ"), at: Network.now).allSatisfy { $0 != .quit(0) })
        #expect(app.model.top.filter == "xy")
        #expect(app.model.dialog == nil)
    }

    @Test func bookmarksAndHistoryLeadBack() {
        var app = Network.app()
        app.visit("task 28")
        #expect(press(&app, "m", "3") == [.rememberBookmarks([3: "task 28"])])
        app.visit("nodes")
        _ = press(&app, "3")
        #expect(app.model.top.place == .task(28))
        _ = press(&app, "[")
        #expect(app.model.top.place == .nodes)
        _ = press(&app, "]")
        #expect(app.model.top.place == .task(28))
    }

    @Test func thePaletteFindsAndRuns() {
        var app = Network.app()
        app.visit("task 28")
        _ = press(&app, .control("p"))
        _ = type(&app, "timel")
        #expect(app.view().text.contains("Go to or run"))
        _ = press(&app, .enter)
        #expect(app.model.top.place == .timeline(task: 28))
    }

    @Test func aWatchedTaskRingsWhenItEnds() throws {
        var app = Network.app()
        app.visit("task 30")
        _ = press(&app, "W")
        app.visit("nodes")
        let done = try #require(
            Network.task(30, "Summary of radius", "completed", created: "14:18:00", finished: "14:22:00"))
        let effects = app.update(.finished(.load(.task(30)), .loaded(.task(done))), at: Network.now)
        #expect(effects.contains(.bell))
        #expect(app.model.notice?.text.contains("completed") == true)
    }

    @Test func rerunNamesOnlyTheFailed() {
        var app = Network.app()
        app.visit("task 27")
        #expect(press(&app, "r", "y") == [.rerun(task: 27, runs: [48])])
    }

    @Test func aNodeIsMadeAndItsKeyShownOnce() {
        var app = Network.app()
        app.model.world.federation.absorb(
            .nodes(Network.nodes.filter { $0.id != 3 }), for: .nodes, at: Network.now)
        app.visit("nodes")
        _ = press(&app, "a", .tab, .tab)
        _ = type(&app, "delta")
        let sent = press(&app, .control("s"))
        let effect = Effect.createNode(collaboration: 1, organization: 3, name: "delta")
        #expect(sent == [effect])
        let made = Message.Outcome.secret(title: "API key of delta", text: "11-22", node: 3)
        let after = app.update(.finished(effect, made), at: Network.now)
        #expect(after.contains(.load(.nodes)))
        #expect(app.view().text.contains("11-22"))
        #expect(app.model.top.place == .nodes)
        let copied = press(&app, "c")
        #expect(copied == [.copy("11-22")])
        _ = press(&app, "q", "j", " ")
        #expect(app.view().text.contains("11-22"))
        _ = press(&app, .escape)
        #expect(!app.view().text.contains("11-22"))
    }

    @Test func deletingANodeNeedsItsName() {
        var app = Network.app()
        app.visit("nodes")
        _ = press(&app, "j", "D")
        _ = type(&app, "maas-nod")
        #expect(press(&app, .enter).isEmpty)
        _ = type(&app, "e")
        #expect(press(&app, .enter) == [.change(.deletion(of: .node, 1, named: "maas-node"))])
    }

    @Test func commandsComplete() {
        var app = Network.app()
        _ = type(&app, ":tim")
        _ = press(&app, .tab)
        #expect(app.model.prompt?.editor.text == "timeline ")
        _ = type(&app, "28")
        _ = press(&app, .enter)
        #expect(app.model.top.place == .timeline(task: 28))
        _ = type(&app, ":nonsense")
        _ = press(&app, .enter)
        #expect(app.model.notice?.text.contains("no command") == true)
    }

    @Test func anySizeDraws() {
        for rows in [1, 3, 5, 10, 16, 24, 60] {
            for columns in [1, 10, 20, 40, 59, 80, 110, 200] {
                for command in GoldenTests.views.compactMap(\.command) {
                    var app = Network.app(size: Size(rows: rows, columns: columns))
                    _ = app.execute(command)
                    #expect(app.view().size == Size(rows: rows, columns: columns))
                }
            }
        }
    }

    @Test func enterShowsAllOfAnErrorThatTheLineHasNoRoomFor() {
        var app = Network.app()
        app.visit("tasks")
        let fault = Fault(
            kind: .other,
            message: "The server failed while it looked for \(String(repeating: "many ", count: 12))tasks.",
            origin: "GET /task was answered with 500, request 4f1c")
        _ = app.update(.finished(.kill(task: 30), .failed(fault)), at: Network.now)
        #expect(app.view().text.contains("enter shows all"))
        #expect(!app.view().text.contains("4f1c"))
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.view().text.contains("request 4f1c"))
        #expect(app.view().text.contains("ctrl-r tries again."))
        #expect(app.update(.key("c"), at: Network.now).contains { if case .copy = $0 { true } else { false } })
        #expect(app.model.top.place == .tasks(filter: ""))
    }

    @Test func enterMeansWhatItMeansWhereAnErrorIsWhole() {
        var app = Network.app()
        app.visit("tasks")
        app.say(.bad("Too bad"))
        #expect(!app.view().text.contains("enter shows all"))
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.model.dialog == nil)
        #expect(app.model.top.place != .tasks(filter: ""))
    }

    @Test func arrowsGoFromCellToCellOfTheMap() {
        var app = Network.app(size: Size(rows: 24, columns: 100))
        app.visit("timeline 28")
        for key in ["v", .left, .down] as [Key] { _ = app.update(.key(key), at: Network.now) }
        let text = app.view().text
        #expect(text.contains("[✗]") && text.contains("27  Kaplan-Meier"))
        _ = app.update(.key("+"), at: Network.now)
        #expect(app.model.notice?.text.contains("only among the bars") == true)
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.model.top.place == .run(48))
    }

    @Test func roundsOfATaskStandInTheMapToo() throws {
        var federation = Network.federation
        for round in 1...20 {
            federation.insert(
                try #require(
                    Network.task(100 + round, "round \(round)", "completed", created: "09:00:00", parent: 28)))
            let run = Network.run(
                200 + round, task: 100 + round, organization: 2, round == 3 ? "failed" : "completed",
                started: "09:00:00", finished: "09:00:09")
            federation.absorb(
                .runs(task: 100 + round, [try #require(run)]), for: .runs(task: 100 + round), at: Network.now)
        }
        var app = Network.app(size: Size(rows: 24, columns: 100), federation: federation)
        app.visit("timeline 28")
        for key in ["v", "t", .down] as [Key] { _ = app.update(.key(key), at: Network.now) }
        #expect(app.view().text.contains("120  round 20"))
        #expect(!app.view().text.contains("103"), "they do not all fit")
        for _ in 1...17 { _ = app.update(.key(.left), at: Network.now) }
        #expect(app.view().text.contains("[✗]") && app.view().text.contains("103  round 3"))
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.model.top.place == .run(203))
    }
}
