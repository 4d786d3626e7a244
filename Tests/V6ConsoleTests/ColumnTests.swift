// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Console

/// Columns and long texts for which there is no room are reached sideways.
@Suite struct ColumnTests {
    private static let sizes = [
        Size(rows: 10, columns: 40), Size(rows: 24, columns: 80), Size(rows: 45, columns: 160),
    ]

    @Test(arguments: ["home", "tasks", "task 30", "nodes", "node maas-node", "users", "roles", "organizations"], sizes)
    func everyColumnAndEveryTextIsReached(_ command: String, size: Size) throws {
        var app = Network.app(size: size)
        app.visit(command)
        let list = try #require(app.model.top.list(in: app.model.world))
        let shown = list.table.pages(in: list.size)
        for (index, column) in list.table.columns.enumerated() {
            let widest = (0..<min(list.table.count, list.size.rows - 1)).map { list.table.cells($0)[index].width }.max()
            let parts = shown.pages.flatMap { page in page.filter { $0.column == index } }
            #expect(!parts.isEmpty, "\(column.title) is on no page of \(command)")
            let brief = (0..<min(list.table.count, list.size.rows - 1)).compactMap {
                list.table.cells($0)[index].brief
            }
            let reach = parts.map { $0.skipped + $0.width }.max() ?? 0
            #expect(reach >= (widest ?? 0) || !brief.isEmpty, "\(column.title) of \(command)")
        }
        for page in shown.pages {
            let used = page.map(\.width).reduce(0, +) + TableLayout.gap * (page.count - 1)
            #expect(used <= list.size.columns - 2, "a page of \(command) is wider than its room")
        }
    }

    @Test func theKeysTurnThePagesAndSayWhereTheyEnd() {
        var app = Network.app(size: Size(rows: 24, columns: 80))
        app.visit("tasks")
        #expect(!app.view().text.contains("IMAGE"))
        #expect(app.view().text.contains("›\n▶ 30"), "a mark in the head says that there is more")
        _ = app.update(.key(.right), at: Network.now)
        #expect(app.view().text.contains("\n‹ ID"), "and where it is")
        #expect(app.view().text.contains("Summary of radius"), "the name stays")
        var seen = app.view().text
        for _ in 0..<9 {
            _ = app.update(.key("L"), at: Network.now)
            seen += app.view().text
        }
        #expect(seen.contains("IMAGE") && seen.contains("COLLABORATION"))
        #expect(seen.contains("Maas Clinic: killed by user"), "what was cut is there in full")
        #expect(app.model.notice?.text.contains("there are no further columns") == true)
        for _ in 0..<9 { _ = app.update(.key("H"), at: Network.now) }
        #expect(app.model.notice?.text.contains("the first columns show") == true)
        #expect(!app.view().text.contains("IMAGE") && app.view().text.contains("RUNS"))
    }

    @Test(arguments: ["home", "tasks", "task 30", "run 61", "nodes", "node maas-node", "roles", "collaborations"])
    func onePaneCanHaveAllTheRoom(_ command: String) {
        var app = Network.app(size: Size(rows: 45, columns: 160))
        app.visit(command)
        let before = app.view()
        let room = app.model.top.list(in: app.model.world)?.size
        _ = app.update(.key("f"), at: Network.now)
        #expect(app.view() != before)
        if let room, let now = app.model.top.list(in: app.model.world)?.size {
            #expect(now.columns > room.columns || now.rows > room.rows)
        }
        _ = app.update(.key("f"), at: Network.now)
        #expect(app.view() == before, "and give it back")
    }

    @Test func whereThereIsOnePaneFullScreenSaysSo() {
        var app = Network.app(size: Size(rows: 24, columns: 80))
        app.visit("whoami")
        _ = app.update(.key("f"), at: Network.now)
        #expect(app.model.notice?.text == "Cannot fill the screen with this pane: this view has one pane only")
    }

    @Test func aTextLongerThanTheScreenContinues() {
        let text = (0..<40).map { "word\($0)" }.joined(separator: " ")
        let columns = [Column("ID", 4), Column("NAME", 6, upTo: 20, names: true), Column("NOTE", 8, upTo: 20)]
        var read = ""
        for page in 1...20 {
            var cursor = ListCursor()
            cursor.turn(to: page)
            let table = TableContent(
                columns: columns, count: 1, cursor: cursor, cells: { _ in [Span("7"), Span("name"), Span(text)] })
            let size = Size(rows: 2, columns: 40)
            var canvas = Canvas(size: size, theme: .monochrome, glyphs: .unicode)
            canvas.table(table)
            let row = canvas.surface.text.split(separator: "\n")[1]
            #expect(row.contains("7") && row.contains("name"))
            if page <= table.pages(in: size).last {
                let cells = String(row).dropping(columns: 16)
                read += cells.contains("…") ? String(cells.prefix { $0 != "…" }) : cells
            }
        }
        #expect(read.trimmed == text)
    }
}
