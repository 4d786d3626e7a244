// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Console

/// The palette: what the cursor is on comes first, by number; what cannot be done keeps its place and says why.
@Suite struct PaletteTests {
    private func app(at command: String, size: Size = Size(rows: 24, columns: 80)) -> App {
        var app = Network.app(size: size)
        app.visit(command)
        return app
    }

    private func open(_ app: inout App, _ text: String = "") {
        _ = app.update(.key(.control("p")), at: Network.now)
        for letter in text { _ = app.update(.key(.character(letter)), at: Network.now) }
    }

    private func press(_ app: inout App, _ keys: Key...) {
        for key in keys { _ = app.update(.key(key), at: Network.now) }
    }

    private func titles(_ app: App) -> [String] { app.model.palette?.shown.map(\.title) ?? [] }

    @Test func actionsOnTheTaskComeFirstByNumber() {
        var app = app(at: "tasks")
        press(&app, "j", "j")
        open(&app)
        #expect(titles(app).first == "Open task 27")
        let first = titles(app).prefix(13)
        #expect(first.contains("Re-run task 27 only failed runs") && first.contains("View: Timeline of task 27"))
        open(&app, "rer")
        #expect(titles(app).first == "Re-run task 27 only failed runs")
    }

    @Test func markedTasksAreNamedTogether() {
        var app = app(at: "tasks")
        press(&app, " ", " ")
        open(&app, "rerun")
        #expect(titles(app).prefix(2) == ["Re-run marked tasks (2)…", "Re-run task 27 with edits…"])
    }

    @Test func whatIsDisabledKeepsItsPlaceAndSaysWhy() throws {
        var app = app(at: "task 28")
        open(&app)
        let enabled = titles(app)
        press(&app, .escape)
        app.model.world.isReadOnly = true
        open(&app)
        #expect(titles(app) == enabled)
        open(&app, "kill task")
        #expect(app.view().text.contains("Kill task 28…   disabled: read-only mode"))
        #expect(app.view().text.contains("disabled: read-only mode (Z turns it off)"), "in full for the chosen one")
        press(&app, .enter)
        #expect(app.model.dialog == nil && app.model.notice?.kind == .bad)
    }

    @Test(arguments: [
        ("home", "Open task 30"), ("task 28", "Open run 51"), ("run 61", "Log of run 61"), ("node 1", "Open run 61"),
        ("nodes", "Describe node delta-node"), ("users", "Tasks of user bram"),
    ])
    func whatTheCursorIsOnComesFirst(command: String, title: String) {
        var app = app(at: command)
        open(&app)
        #expect(titles(app).first == title)
    }

    @Test func enterOnANodeAtHomeOpensIt() {
        var app = app(at: "home")
        press(&app, .backTab, .enter)
        #expect(app.model.top.place == .node(3))
    }

    @Test func controlKeysMoveAndTabCompletes() throws {
        var app = app(at: "tasks")
        open(&app)
        press(&app, .control("n"), .control("n"), .control("p"))
        #expect(app.model.palette?.chosen?.title == titles(app)[1])
        press(&app, .tab)
        #expect(app.model.palette?.editor.text == "Log of task 30" && titles(app).first == "Log of task 30")
    }

    @Test func colonLeadsToTheCommandLine() {
        var app = app(at: "tasks")
        open(&app, ":")
        #expect(app.model.palette == nil && app.model.prompt?.kind == .command)
    }

    @Test(arguments: [
        ("organization noord", Place.directory(.organizations)), ("collaboration lung", .collaborations),
        ("user bram", .directory(.users)), ("run 52", .run(52)), ("node maas", .node(1)),
        ("study syn", .collaborations),
    ])
    func objectsAreFound(text: String, place: Place) {
        var app = app(at: "tasks")
        open(&app, text)
        press(&app, .enter)
        #expect(app.model.top.place == place)
        _ = app.update(.tick, at: Network.now)
        if case .directory(.organizations) = place {
            #expect((app.model.top as? DirectoryScreen)?.pointed == 2, "the cursor is on it")
        }
    }

    @Test func savedFiltersProfilesAndLooksStandInIt() {
        var app = app(at: "tasks")
        app.model.world.bookmarks = [4: "tasks status=failed since=7d", 5: "nodes"]
        app.model.world.profiles = [Profile(name: "staging", url: "https://s.example.org")]
        open(&app)
        let all = titles(app)
        let wanted = ["Filter: status=failed since=7d", "Bookmark: nodes", "Switch profile: staging", "Set: mouse on"]
        #expect(wanted.allSatisfy(all.contains))
        #expect(all.contains { $0.hasPrefix("Theme: ") })
        open(&app, "status=failed")
        press(&app, .enter)
        #expect(app.model.top.place == .tasks(filter: "status=failed since=7d"))
    }

    @Test func borderTellsHowManyFit() {
        var app = app(at: "tasks", size: Size(rows: 45, columns: 160))
        open(&app, "kill")
        let count = titles(app).count
        let total = app.palette.shown.count
        #expect(app.view().text.contains(" \(count) of \(total) "))
    }
}
