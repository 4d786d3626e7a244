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
        _ = app.update(.key("?"), at: Network.now)
        _ = app.update(.key("j"), at: Network.now)
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.model.dialog != nil, "the second entry runs the task again")
        _ = app.update(.key(.escape), at: Network.now)
        _ = app.update(.key("?"), at: Network.now)
        for _ in 0..<200 { _ = app.update(.key("j"), at: Network.now) }
        #expect(app.view().text.contains(":quit"))
        _ = app.update(.key("g"), at: Network.now)
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.model.dialog?.title.contains("Kill") == true, "the beginning has the first entry")
    }
}
