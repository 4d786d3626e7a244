// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Console

/// Help is a list: enter runs what the cursor is on.
@Suite struct HelpTests {
    /// Help over a view, with the cursor on the first entry that has the text.
    private func app(at command: String, finding text: String, size: Size = Size(rows: 24, columns: 80)) -> App {
        var app = Network.app(size: size)
        app.visit(command)
        _ = app.update(.key("?"), at: Network.now)
        for key in "/" + text { _ = app.update(.key(.character(key)), at: Network.now) }
        _ = app.update(.key(.enter), at: Network.now)
        return app
    }

    @Test(arguments: [80, 160]) func anActionRunsInTheViewBelow(columns: Int) {
        var app = app(at: "task 30", finding: "kill the task", size: Size(rows: 30, columns: columns))
        #expect(app.model.top.place == .help)
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.model.top.place == .task(30))
        #expect(app.model.dialog?.effects == [.kill(task: 30)])
    }

    @Test func whatIsImpossibleSaysWhy() {
        var app = app(at: "task 28", finding: "kill the task")
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.model.top.place == .task(28) && app.model.dialog == nil)
        #expect(app.model.notice?.text == "Cannot kill the task: the task is over (completed)")
    }

    @Test func aCommandRunsOrIsBegun() {
        var app = app(at: "tasks", finding: ":nodes")
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.model.top.place == .nodes)
        app = self.app(at: "tasks", finding: ":timeline")
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.model.top.place == .tasks(filter: "") && app.model.prompt?.editor.text == "timeline ")
    }

    @Test(arguments: ["new", "login"]) func aCommandDoesNotLeaveAForm(_ form: String) {
        var app = Network.app()
        _ = app.execute(form)
        let place = app.model.top.place
        for key in [.function(1), "/"] + ":nodes".map(Key.character) + [.enter, .enter] {
            _ = app.update(.key(key), at: Network.now)
        }
        #expect(app.model.top.place == place && app.model.prompt == nil)
        #expect(app.model.notice?.text == "Cannot run a command here: leave the form first")
    }

    @Test func theCursorMovesAndStaysInSight() {
        var app = Network.app()
        app.visit("tasks")
        press(&app, "?", "j", .enter)
        #expect(app.model.dialog?.title == "Run task 30 again", "help opens on what the view does")
        press(&app, .escape, "?")
        for _ in 0..<200 { press(&app, "j") }
        #expect(app.view().text.contains(":quit"))
        press(&app, .home, .enter)
        #expect(app.model.top.place == .tasks(filter: ""), "the first entry only moves")
    }

    @Test(arguments: [(40, 1), (80, 3), (120, 4), (160, 4)]) func partsStandInAsManyColumnsAsFit(width: Int, count: Int)
    {
        var app = Network.app(size: Size(rows: 45, columns: width))
        app.visit("tasks")
        press(&app, "?")
        let text = app.view().text
        let heads = ["MOVE", "FIND AND SORT", "THIS VIEW", "EVERYWHERE"]
        let line = text.split(separator: "\n").first { $0.contains("MOVE") } ?? ""
        #expect(heads.count { line.contains($0) } == count)
        let rest = ["STATUS SIGNS", "COMMANDS", "FILTER FIELDS", "FILES"]
        #expect(width < 80 || rest.allSatisfy(text.contains), "all parts show on a tall screen")
    }

    @Test func aKeyTellsWhatItDoesAndDoesNothing() {
        var app = Network.app()
        app.visit("task 28")
        press(&app, "?", "x")
        #expect(app.model.top.place == .help && app.model.dialog == nil)
        #expect(app.view().text.contains("kill the task (asks)  not now: the task is over (completed)"))
        press(&app, "Q")
        #expect(app.view().text.contains("quit at once"))
        press(&app, "ö")
        #expect(app.view().text.contains("ö does nothing in this view."))
        press(&app, "5")
        #expect(app.view().text.contains("5 is a free bookmark."))
        press(&app, .escape)
        #expect(app.model.top.place == .task(28))
    }

    @Test func searchLeavesWhatMatches() {
        var app = app(at: "tasks", finding: "delete")
        let text = app.view().text
        #expect(text.contains("delete") && !text.contains("COMMANDS") && !text.contains("MOVE"))
        press(&app, .escape)
        #expect(app.view().text.contains("MOVE") && app.model.top.place == .help)
    }

    private func press(_ app: inout App, _ keys: Key...) {
        for key in keys { _ = app.update(.key(key), at: Network.now) }
    }
}
