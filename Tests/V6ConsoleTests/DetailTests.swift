// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// The detail beside a list: how one gets into it, and how it gets all the room.
@Suite struct DetailTests {
    private func app(at command: String, rows: Int = 24, columns: Int = 80) -> App {
        var app = Network.app(size: Size(rows: rows, columns: columns))
        app.visit(command)
        return app
    }

    private func press(_ app: inout App, _ keys: Key...) {
        for key in keys { _ = app.update(.key(key), at: Network.now) }
    }

    /// What the detail shows of the first row, and what only the list shows.
    @Test(arguments: [
        ("tasks", "image", "AGE"), ("nodes", "organization   Delta", "LOAD 1h"),
        ("organizations", "public key", "DOMAIN"), ("users", "e-mail", "USERNAME"),
        ("node 1", "images allowed", "Runs on this node"), ("algorithms", "central_cox (central)", "STORE"),
        ("collaborations", "encryption", "algorithm stores"),
    ])
    func detailFillsTheScreenOnceItHasTheFocus(command: String, detail: String, list: String) {
        var app = app(at: command, rows: 30)
        #expect(app.view().text.contains(list) && app.view().text.contains(detail))
        press(&app, "f")
        #expect(app.view().text.contains(list) && !app.view().text.contains(detail), "the list has the focus at first")
        press(&app, "f", .tab, "f")
        #expect(!app.view().text.contains(list) && app.view().text.contains(detail))
        press(&app, .escape)
        #expect(app.view().text.contains(list))
    }

    @Test func detailIsReachedWhereItHasNoRoomBesideTheList() {
        var app = app(at: "nodes", rows: 12, columns: 50)
        #expect(!app.view().text.contains("last seen"))
        press(&app, .tab)
        #expect(app.view().text.contains("last seen"))
        press(&app, .tab)
        #expect(!app.view().text.contains("last seen"))
    }

    @Test(arguments: [(24, 80), (45, 160)]) func logOfTheRunUnderTheCursorIsReadOverItsTask(rows: Int, columns: Int) {
        var app = app(at: "task 30", rows: rows, columns: columns)
        #expect(app.view().text.contains("created 14:18:00"))
        press(&app, .tab, "f")
        #expect(app.view().text.contains("result written") && !app.view().text.contains("created 14:18:00"))
        press(&app, .escape, "f")
        #expect(app.view().text.contains("Runs and subtasks") && app.view().text.contains("created 14:18:00"))
    }

    @Test(arguments: ["tasks", "task 30"]) func inputIsOneKeyAway(command: String) {
        var app = app(at: command)
        press(&app, "i")
        #expect(app.model.top.place == .run(61))
        #expect(app.view().text.contains("[Input]") && app.view().text.contains("kwargs"))
    }

    @Test func taskThatGoesOnTellsHowLongItMayTake() {
        #expect(app(at: "task 30").view().text.contains("since 4 min 7 s, usually 1 min 11 s"))
    }

    @Test func longValuesAreWrappedWhereSomebodyReadsThem() {
        let text = DetailText(title: "", note: "", facts: [("columns", Span("one two three four five six seven"))])
        #expect(text.lines(columns: 24, wrapped: false).count == 1)
        let read = text.lines(columns: 24, wrapped: true)
        #expect(read.map(\.0) == ["columns", "", ""])
        #expect(read.allSatisfy { $0.1.width <= 14 })
    }
}
