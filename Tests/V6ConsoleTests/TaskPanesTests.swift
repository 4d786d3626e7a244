// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// The panes below a list of tasks: the runs of the chosen task, and the end of the log of one.
@Suite struct TaskPanesTests {
    private static let wide = Size(rows: 45, columns: 160)

    private func app(size: Size = wide, federation: Federation = Network.federation) -> App {
        var app = Network.app(size: size, federation: federation)
        app.visit("tasks")
        return app
    }

    @discardableResult
    private func press(_ app: inout App, _ keys: Key...) -> [Effect] {
        keys.flatMap { app.update(.key($0), at: Network.now) }
    }

    @Test func frameTellsHowMuchOfTheListHasCome() {
        #expect(app().view().text.contains(" 6 of 6 · page 1/1 "))
        var federation = Network.federation
        federation.absorb(.tasks(Network.tasks, total: 1_284, older: false), for: .tasks, at: Network.now)
        var app = app(federation: federation)
        #expect(app.view().text.contains(" 6 of 1 284 · page 1/3 · 6 loaded "))
        _ = app.execute("tasks by=bram")
        _ = app.update(.tick, at: Network.now)
        let text = app.view().text
        #expect(text.contains(" 2 of 1 284 · page 1/3 · 6 loaded ") && text.contains("Tasks 2/1 284"))
    }

    @Test func runThatFailedIsTheFirstToShow() {
        var app = app()
        #expect(app.view().text.contains("log run 61 (tail)"))
        press(&app, "j", "j")
        let text = app.view().text
        #expect(text.contains("27 Kaplan-Meier – runs") && text.contains(" 1 ✓  1 ✗ "))
        #expect(text.contains("log run 48 (tail)"))
        #expect(text.contains("hint: exit 137 = stopped by the kernel, usually memory."))
    }

    @Test func keysActOnWhatHasTheFocus() {
        var app = app()
        press(&app, "j", .tab, "j")
        #expect(app.view().text.contains("log run 52 (tail)"), "the log follows the runs")
        press(&app, "r")
        #expect(app.model.dialog?.effects == [.rerun(task: 28, runs: [52])])
        press(&app, .escape, "y")
        #expect(app.model.top.place == .raw(.run(52)))
        press(&app, .escape, "c")
        #expect(app.model.notice?.text == "Copied 52")
        press(&app, .enter)
        #expect(app.model.top.place == .run(52))
        press(&app, .escape, .escape, "y")
        #expect(app.model.top.place == .raw(.task(28)), "esc leads back to the list")
    }

    @Test func logIsSearchedAndFilteredInItsPane() {
        var app = app()
        press(&app, .tab, .tab, "E")
        #expect(app.view().text.contains("errors only"))
        press(&app, "E", "/", "r", "o", "w", "s", .enter)
        #expect(app.view().text.contains("2 found"))
        #expect(app.model.top.place == .tasks(filter: ""), "that is no filter of the list")
        press(&app, .escape)
        #expect(!app.view().text.contains("found"))
        press(&app, "f")
        #expect(!app.view().text.contains("6 of 6") && app.view().text.contains("result written"))
    }

    @Test func cursorThatMovesAsksNothingForTheLog() {
        var app = app()
        for _ in 0..<6 {
            #expect(press(&app, "j").isEmpty)
            app.model.world.running = [:]
        }
    }

    @Test func aLineOfTheLogShowsAsItComes() {
        var app = app()
        let event = SocketIOEvent(
            name: "algorithm_log", arguments: [["run_id": 61, "task_id": 30, "log": "info > round 2\n"]])
        #expect(app.update(.realtime(.event(event)), at: Network.now).isEmpty)
        #expect(app.view().text.contains("info > round 2"))
    }

    @Test func marksBelongToTheList() {
        var app = app()
        press(&app, .tab, " ")
        #expect(app.model.notice?.text.contains("tasks are marked in their list") == true)
    }

    @Test(arguments: [
        ("[node] The algorithm ended with exit code 1.", 1), ("error > Killed", 137),
        ("[node] The algorithm was stopped: it needed more memory than its limit of 512 MiB", 137),
        ("The container was killed (exit code 143), not by this node.", 143),
    ])
    func endOfALogTellsHowItEnded(line: String, code: Int) {
        #expect(ContainerExit(endOf: ["info > begins", line])?.code == code)
    }

    @Test func anOrdinaryLogTellsNothingOfItsEnd() {
        #expect(ContainerExit(endOf: ["info > exit code 0", "done"]) == nil)
        #expect(ContainerExit(endOf: ["exit code 3"] + Array(repeating: "x", count: 9)) == nil, "too far above")
        #expect(ContainerExit(endOf: [String]()) == nil)
    }

    @Test func aRunThatTookFarLongerIsCalledSlow() throws {
        var federation = Network.federation
        let runs = [(51, "14:02:40"), (52, "14:02:41"), (53, "14:09:00")].compactMap { id, finished in
            Network.run(id, task: 28, organization: id - 50, "completed", started: "14:02:01", finished: finished)
        }
        federation.absorb(.runs(task: 28, runs), for: .runs(task: 28), at: Network.now)
        #expect(runs.map { federation.isSlow($0) } == [false, false, true])
    }
}
