// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

struct MarkTests {
    private func app(at command: String, marking rows: [Int] = []) -> App {
        var app = Network.app(size: Size(rows: 24, columns: 80))
        app.visit(command)
        var row = 0
        for wanted in rows {
            while row < wanted {
                _ = app.update(.key("j"), at: Network.now)
                row += 1
            }
            // A mark moves the cursor on.
            _ = app.update(.key(" "), at: Network.now)
            row += 1
        }
        return app
    }

    @Test func killMeansTheMarkedTasksThatStillRun() {
        // 30 is active, 28 completed, 24 pending; the cursor stands elsewhere.
        var app = app(at: "tasks", marking: [0, 1, 5])
        _ = app.update(.key("x"), at: Network.now)
        #expect(app.model.dialog?.title == "Kill 2 tasks?")
        #expect(app.model.dialog?.effects == [.kill(task: 30), .kill(task: 24)])
    }

    @Test func markedTasksThatAreOverCannotBeKilled() {
        var app = app(at: "tasks", marking: [1, 2])
        _ = app.update(.key("x"), at: Network.now)
        #expect(app.model.dialog == nil)
        #expect(app.model.notice?.text == "Cannot kill the task: the marked tasks are over")
    }

    @Test func markedTasksRunAgainTogetherAndOnlyWhatFailedOfEach() {
        var app = app(at: "tasks", marking: [1, 2])
        _ = app.update(.key("r"), at: Network.now)
        #expect(app.model.dialog?.title == "Run 2 tasks again")
        #expect(app.model.dialog?.effects == [.rerun(task: 28, runs: [51, 52, 53]), .rerun(task: 27, runs: [48])])
    }

    @Test func fieldThatAFilterDoesNotKnowIsNamed() {
        var app = app(at: "tasks")
        for key in "/stat=x" { _ = app.update(.key(.character(key)), at: Network.now) }
        #expect(app.view().text.contains("A task has no field stat."))
        for key in [Key.backspace, .backspace, "u", "s", "~", "c"] { _ = app.update(.key(key), at: Network.now) }
        #expect(!app.view().text.contains("no field"))
    }

    @Test func filterOfHomeIsThatOfTheTasks() {
        var app = app(at: "home")
        _ = app.update(.key("/"), at: Network.now)
        #expect(app.model.prompt != nil)
        #expect(app.model.top.place == .tasks(filter: ""))
    }

    @Test func paletteFindsAnActionByItsName() {
        var app = app(at: "tasks")
        _ = app.update(.key(.control("p")), at: Network.now)
        for key in "rerun" { _ = app.update(.key(.character(key)), at: Network.now) }
        #expect(app.model.palette?.chosen?.target == .action(.rerun))
    }

    @Test(arguments: ["node maas-node", "node 1", "no maas-node"]) func nodeIsReachedByNameAndNumber(command: String) {
        let app = app(at: command)
        #expect(app.model.top.place == .node(1))
        #expect(app.view().text.contains("Runs on this node"))
    }

    @Test func runOfANodeOpensAndTheCursorStaysWithItWhileOthersCome() {
        var app = app(at: "node 1")
        _ = app.update(.key("j"), at: Network.now)
        let newer = Network.run(90, task: 30, organization: 1, "active", started: "14:22:00")
        let known = app.model.world.federation.runsOfNode[1] ?? []
        app.model.world.federation.absorb(
            .runsOf(node: 1, known + [newer].compactMap { $0 }), for: .runsOf(node: 1), at: Network.now)
        _ = app.update(.tick, at: Network.now)
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.model.top.place == .run(51))
    }

    @Test(arguments: [Key.character("["), .character("-")]) func historyGivesViewsBackAsTheyWereLeft(key: Key) {
        var app = app(at: "tasks")
        for key: Key in ["I", "j", "j"] { _ = app.update(.key(key), at: Network.now) }
        let left = app.view().text
        // Help is no place to come back to.
        for key: Key in ["?", .escape] { _ = app.update(.key(key), at: Network.now) }
        app.visit("nodes")
        _ = app.update(.key(key), at: Network.now)
        #expect(app.model.top.place == .tasks(filter: ""))
        #expect(app.view().text == left)
    }
}
