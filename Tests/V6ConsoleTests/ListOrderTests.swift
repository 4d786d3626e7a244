// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// Lists can be sorted by any of their columns.
@Suite struct ListOrderTests {
    private static let columns = [Column("ID", 4), Column("NAME", 8), Column("SEEN", 4)]
    private static let rows = [
        [Span("10"), Span("beta"), Span("3 h", order: 10_800)],
        [Span("9"), Span("Alpha"), Span("2 d", order: 172_800)],
        [Span("100"), Span(""), Span("–")],
    ]

    private func ids(_ choice: String, reversed: Bool = false) -> [String] {
        var order = ListOrder()
        order.pick(choice, Self.columns)
        if reversed { _ = order.handle(.reverse, Self.columns) }
        return order.sorted(Self.rows) { $0 }.map { $0[0].text }
    }

    @Test func numbersTextsAndTimesHaveTheirOwnOrder() {
        #expect(ids("id") == ["9", "10", "100"])
        #expect(ids("id", reversed: true) == ["100", "10", "9"])
        #expect(ids("name") == ["9", "10", "100"], "case does not matter")
        #expect(ids("seen") == ["10", "9", "100"], "hours before days")
        #expect(ids("seen", reversed: true) == ["9", "10", "100"], "what is unknown stays at the end")
        #expect(ids("") == ["10", "9", "100"] && ids("", reversed: true) == ["100", "9", "10"])
    }

    @Test(arguments: ["nodes", "node maas-node", "users", "organizations", "roles", "tasks"])
    func aChosenColumnIsMarked(_ command: String) throws {
        var app = Network.app(size: Size(rows: 45, columns: 160))
        app.visit(command)
        let list = try #require(app.model.top.list(in: app.model.world))
        let title = list.table.columns[1].title
        _ = app.update(.key("S"), at: Network.now)
        for character in title.lowercased() { _ = app.update(.key(.character(character)), at: Network.now) }
        _ = app.update(.key(.enter), at: Network.now)
        _ = app.update(.tick, at: Network.now)
        #expect(app.view().text.contains("\(title)▲"))
        _ = app.update(.key("I"), at: Network.now)
        #expect(app.view().text.contains("\(title)▼"))
        let sorted = try #require(app.model.top.list(in: app.model.world)).table
        let names = (0..<sorted.count).map { sorted.cells($0)[1].text.lowercased() }
        if command != "node maas-node" { #expect(names == names.sorted(by: >)) }
    }

    @Test func whatHasAnOrderOfItsOwnSaysSo() {
        var app = Network.app()
        app.visit("task 30")
        _ = app.update(.key("S"), at: Network.now)
        #expect(app.model.notice?.text == "Cannot sort by a column: this view has an order of its own")
    }

    @Test func aNodeThatIsAwayNamesWhoCanHelp() {
        var app = Network.app(size: Size(rows: 24, columns: 100))
        app.visit("nodes")
        _ = app.update(.key("u"), at: Network.now)
        #expect(app.view().text.contains("delta-node is away") && app.view().text.contains("Who can help"))
        _ = app.update(.key(.escape), at: Network.now)
        _ = app.update(.key("j"), at: Network.now)
        _ = app.update(.key("u"), at: Network.now)
        #expect(app.model.notice?.text.contains("maas-node is online") == true)
    }

    @Test func theProfileColoursTheHeader() throws {
        var app = Network.app()
        app.model.world.identity?.profile = "prod"
        app.model.world.profiles = [Profile(name: "prod", url: "https://x", colour: "white on red")]
        let cells = app.view().row(0)
        let start = try #require(cells.firstIndex { $0.style.background == .red })
        #expect(String(cells[start..<start + 4].map(\.character)) == "prod")
        app.model.theme = .monochrome
        #expect(!app.view().row(0).contains { $0.style.background == .red })
        #expect(throws: ConfigurationError.self) {
            try ConsoleConfiguration(text: "profiles: {a: {url: u, colour: loud}}", name: "x")
        }
    }

    @Test func settingsAreOffered() {
        var app = Network.app()
        _ = app.execute("set")
        #expect(app.model.palette != nil && app.view().text.contains("theme light"))
        for character in "ascii on" { _ = app.update(.key(.character(character)), at: Network.now) }
        _ = app.update(.key(.enter), at: Network.now)
        #expect(app.model.world.glyphs == .ascii)
    }
}
