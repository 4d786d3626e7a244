// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// The panes of a timeline, and the map of its federation.
struct TimelineTests {
    private func timeline(_ size: Size = Size(rows: 45, columns: 160)) -> App {
        var app = Network.app(size: size)
        app.visit("timeline 28")
        return app
    }

    private func press(_ app: inout App, _ keys: Key...) {
        for key in keys { _ = app.update(.key(key), at: Network.now) }
    }

    private func title(_ app: App) -> String? {
        app.view().text.split(separator: "\n").first { $0.hasPrefix("┌") }.map { String($0.prefix(18)) }
    }

    @Test func everyPaneOfATimelineCanHaveAllTheRoom() {
        var app = timeline()
        press(&app, "f")
        #expect(title(app) == nil, "the bars alone")
        press(&app, "f", .tab, "f")
        #expect(title(app) == "┌─ Who holds up th")
        press(&app, "f", .tab, .tab, "f")
        #expect(title(app) == "┌─ Runs ──────────")
        #expect(!app.view().text.contains("waiting for the node"))
        press(&app, .escape)
        #expect(app.view().text.contains("Who holds up") && app.view().text.contains("Federation map"))
    }

    @Test func theRunsAreALists() {
        var app = timeline()
        press(&app, .tab, .tab, .tab, "j", .enter)
        #expect(app.model.top.place == .run(52))
    }

    @Test func theRunsCoverTheBarsWhereTheyHaveNoRoomBelow() {
        var app = timeline(Size(rows: 24, columns: 80))
        #expect(!app.view().text.contains("COMPUTED"))
        press(&app, .tab, .tab)
        #expect(app.view().text.contains("COMPUTED") && title(app) == "┌─ Runs ──────────")
        press(&app, .tab)
        #expect(!app.view().text.contains("COMPUTED"))
    }

    @Test func theMapInItsPaneIsWalkedFromCellToCell() {
        var app = timeline()
        #expect(!app.view().text.contains("[✓]"))
        press(&app, .tab, .tab)
        #expect(app.view().text.contains("[✓]"))
        press(&app, "j", .left)
        #expect(app.view().text.contains("[✗]"))
        press(&app, .enter)
        #expect(app.model.top.place == .run(48))
    }

    @Test func theMapSaysWhatItsTasksComeTo() {
        var app = timeline(Size(rows: 24, columns: 80))
        press(&app, "v")
        let text = app.view().text
        #expect(text.contains("Noord Hospital     3       50 %      39 s"))
        #expect(text.contains("┌─ run 51, Maas Clinic"))
        press(&app, "j", .left)
        #expect(app.view().text.contains("┌─ run 48, Noord Hospital") && app.view().text.contains("✗ crashed"))
        press(&app, "j")
        #expect(app.view().text.contains("Delta UMC has no run of task 27"))
    }

    @Test func figuresOfAMapAreThoseOfItsRuns() throws {
        var world = World(now: Network.now, size: Size(rows: 24, columns: 80))
        world.federation = Network.federation
        let map = FederationMap(around: 28, count: 12, in: world)
        let figures = map.figures(in: world)
        let maas = try #require(zip(map.rows, figures).first { $0.0.name == "Maas Clinic" }?.1)
        #expect(maas.runs == 5 && maas.ended == 4 && maas.completed == 3)
        #expect(maas.waiting == 1 && maas.last?.id == 62)
        #expect(figures.compactMap(\.waiting).reduce(0, +) == 1)
    }
}
