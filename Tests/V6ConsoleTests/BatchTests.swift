// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// What is done to several rows at once, and where the cursor goes after something was made.
@Suite struct BatchTests {
    private static func app(at command: String) -> App {
        var federation = Network.federation
        var surroundings = Network.surroundings
        surroundings.permissions = Permissions(RecordFormTests.everything + Network.rules)
        surroundings.users += [Network.decode(#"{"id":9,"username":"cora"}"#)].compactMap { $0 as User? }
        federation.absorb(.surroundings(surroundings), for: .surroundings, at: Network.now)
        for user in [8, 9] { federation.absorb(.rolesOf(user: user, []), for: .rolesOf(user: user), at: Network.now) }
        var app = Network.app(federation: federation)
        app.visit(command)
        return app
    }

    @discardableResult
    private func press(_ app: inout App, _ keys: Key...) -> [Effect] {
        keys.flatMap { app.update(.key($0), at: Network.now) }
    }

    private func end(_ app: inout App, _ effect: Effect, _ outcome: Message.Outcome = .done("")) -> [Effect] {
        app.update(.finished(effect, outcome), at: Network.now)
    }

    /// Two tasks that still run, marked and agreed to be killed.
    private func killing() -> (App, [Effect]) {
        var app = Self.app(at: "tasks")
        press(&app, " ", "G", " ", "x")
        #expect(app.model.dialog?.title == "Kill 2 tasks?")
        let begun = press(&app, "2", .enter)
        return (app, begun)
    }

    @Test func severalAreDoneOneAfterAnotherAndCounted() {
        var (app, first) = killing()
        #expect(first == [.kill(task: 30)])
        #expect(app.view().text.contains("killing task 30  1/2  esc stops"))
        let second = end(&app, .kill(task: 30))
        #expect(second == [.kill(task: 24)])
        #expect(app.view().text.contains("killing task 24  2/2"))
        let after = end(&app, .kill(task: 24))
        #expect(app.model.notice == .good("Kill 2 tasks: all 2 done"))
        #expect(after.contains(.load(.task(30))) && after.contains(.load(.runs(task: 24))))
    }

    @Test func whatFailedIsNamedWithItsReason() {
        var (app, _) = killing()
        _ = end(&app, .kill(task: 30), .failed(Fault(kind: .rejected, message: "The task is over.")))
        _ = end(&app, .kill(task: 24))
        #expect(app.model.notice?.text == "Kill 2 tasks: 1 of 2 done, 1 failed")
        press(&app, .enter)
        #expect(app.view().text.contains("killing task 30: The task is over."))
    }

    @Test func escapeStopsBetweenTwo() {
        var (app, _) = killing()
        press(&app, .escape)
        #expect(app.model.top.place == .tasks(filter: ""))
        #expect(app.view().text.contains("no more after this"))
        #expect(end(&app, .kill(task: 30)).contains(.kill(task: 24)) == false)
        #expect(app.model.notice?.text == "Kill 2 tasks: 1 of 2 done, 1 not begun")
    }

    @Test func lostServerEndsTheRest() {
        var (app, _) = killing()
        let after = end(&app, .kill(task: 30), .failed(Fault(kind: .unreachable, message: "No answer.")))
        #expect(after.contains(.kill(task: 24)) == false)
        #expect(app.model.notice?.text == "Kill 2 tasks: 0 of 2 done, 1 failed, 1 not begun")
        #expect(!app.model.world.connection.isUp)
    }

    @Test func usersAreDeletedTogetherAndWhatHangsOnThemIsAskedOnce() {
        var app = Self.app(at: "users")
        press(&app, "*", "D")
        #expect(app.view().text.contains("2 marked"))
        #expect(app.model.dialog?.title == "Delete 2 users?")
        #expect(app.view().text.contains("user 9  cora"))
        let first = press(&app, "2", .enter)
        let bram = Effect.change(.deletion(of: .user, 8, named: "bram"))
        let cora = Effect.change(.deletion(of: .user, 9, named: "cora"))
        #expect(first == [bram])
        #expect(end(&app, bram, .failed(Fault(kind: .rejected, message: "User bram has tasks."))) == [cora])
        _ = end(&app, cora, .failed(Fault(kind: .rejected, message: "User cora has tasks.")))
        #expect(app.model.dialog?.title == "Delete with all that hangs on them?")
        for key in "delete 2" { press(&app, .character(key)) }
        let again = press(&app, .enter)
        guard case .change(let change) = again.first else { return #expect(Bool(false), "nothing was sent") }
        #expect(change.deletes?.includesDependents == true)
    }

    @Test func newKeysOfSeveralNodesShowTogether() {
        var app = Self.app(at: "nodes")
        press(&app, " ", " ", "K")
        #expect(app.model.dialog?.title == "New API keys for 2 nodes?")
        press(&app, "2", .enter)
        _ = end(&app, .resetKey(node: 3), .secret(title: "New API key of node 3", text: "33-33", node: 3))
        _ = end(&app, .resetKey(node: 1), .secret(title: "New API key of node 1", text: "11-11", node: 1))
        #expect(app.model.dialog?.title == "2 new API keys")
        #expect(app.view().text.contains("New API key of node 3  33-33"))
        #expect(press(&app, "c") == [.copy("New API key of node 3  33-33\nNew API key of node 1  11-11")])
    }

    @Test func markedRunsAreRunAgainAlone() {
        var app = Self.app(at: "task 28")
        press(&app, " ", "j", " ", "r")
        #expect(app.model.dialog?.effects == [.rerun(task: 28, runs: [51, 53])])
        #expect(app.model.dialog?.title == "Run 2 runs again")
        press(&app, .escape)
        #expect(press(&app, "c") == [.copy("51\n53")])
        press(&app, "x")
        #expect(app.model.notice?.text == "Cannot kill the task: the marked runs are over")
        let saved = app.model.top.export(in: app.model.world)?.text(ending: "csv") ?? ""
        #expect(saved.split(separator: "\n").count == 3, "the head and the marked ones")
    }

    @Test func inTheTreeOnlyWhatCanBeDeletedIsMarked() {
        var app = Self.app(at: "collaborations")
        press(&app, "*", "D")
        #expect(app.model.dialog?.title == "Delete 3 records?")
        let paths = app.model.dialog?.effects.map { if case .change(let change) = $0 { change.path } else { "" } }
        #expect(paths == ["/study/4", "/collaboration/2", "/collaboration/1"])
    }

    @Test func viewWithoutSeveralSaysSo() {
        var app = Self.app(at: "home")
        press(&app, " ")
        #expect(app.model.notice?.text.contains("nothing in this view is done to several at once") == true)
    }

    @Test func whatWentWrongIsNotCoveredByWhatHappensMeanwhile() {
        var app = Self.app(at: "home")
        press(&app, " ")
        app.say(.good("Task 30 completed"))
        #expect(app.model.notice?.kind == .bad)
        press(&app, "j")
        app.say(.good("Task 31 completed"))
        #expect(app.model.notice == .good("Task 31 completed"))
    }

    // MARK: What was made

    @Test func cursorGoesToWhatWasMade() {
        var app = Self.app(at: "users")
        var surroundings = app.model.world.federation.surroundings
        let change = Change(method: "POST", path: "/user", creates: .user, doing: "", done: "zoe is created")
        app.model.world.running[.change(change)] = Network.now
        _ = end(&app, .change(change), .made(.record(.user, 12), "zoe is created"))
        #expect(app.model.notice == .good("zoe is created"))
        surroundings.users += [Network.decode(#"{"id":12,"username":"zoe"}"#)].compactMap { $0 as User? }
        _ = end(&app, .load(.surroundings), .loaded(.surroundings(surroundings)))
        #expect((app.model.top as? DirectoryScreen)?.pointed == 12)
    }

    @Test func cursorOfTheTreeGoesToANewStudy() throws {
        var app = Self.app(at: "collaborations")
        press(&app, .left)
        let change = Change(method: "POST", path: "/study", creates: .study, doing: "", done: "new")
        _ = end(&app, .change(change), .made(.record(.study, 7), "new"))
        var surroundings = app.model.world.federation.surroundings
        surroundings.studies += [Network.decode(#"{"id":7,"name":"new","collaboration":{"id":2}}"#)].compactMap {
            $0 as Study?
        }
        _ = end(&app, .load(.surroundings), .loaded(.surroundings(surroundings)))
        #expect((app.model.top as? CollaborationScreen)?.pointed == .study(7, collaboration: 2))
    }

    @Test func cursorOfTheTasksGoesToANewTask() throws {
        var app = Self.app(at: "tasks")
        press(&app, "G")
        let task = try #require(Network.task(40, "Again", "pending", created: "14:22:07"))
        _ = end(&app, .rerun(task: 27, runs: [48]), .created(task))
        #expect((app.model.top as? TaskListScreen)?.pointed == 40)
    }
}
