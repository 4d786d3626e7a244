// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit

@testable import V6Console

/// However much there is, a frame looks at no more of it than shows; how long that takes, `Benchmarks/console.py` says.
@Suite struct LargeDataTests {
    private static let screen = Size(rows: 45, columns: 160)

    /// Lines that count how many of them were looked at.
    private final class CountedLines: Lines, Sendable {
        let endIndex: Int
        private let looks = Mutex(0)

        init(count: Int) { endIndex = count }

        var startIndex: Int { 0 }

        subscript(index: Int) -> String {
            looks.withLock { $0 += 1 }
            return "line \(index) of a long log"
        }

        /// How many were looked at since the last question.
        func looked() -> Int {
            looks.withLock { looks in
                defer { looks = 0 }
                return looks
            }
        }
    }

    @Test(arguments: [false, true]) func aPagerLooksAtTheLinesThatShow(wrapping: Bool) {
        let lines = CountedLines(count: 1_000_000)
        var pager = TextPager(following: true)
        pager.isWrapping = wrapping
        for action in [Action.pageUp, .moveUp, .moveDown, .halfPageUp, .first, .last] {
            _ = pager.handle(action, lines: lines, size: Self.screen)
            var canvas = Canvas(size: Self.screen, theme: .standard, glyphs: .unicode)
            canvas.pager(pager, lines: lines)
            #expect(lines.looked() <= 6 * Self.screen.rows, "\(action)")
            #expect(canvas.surface.text.contains("of a long log"))
        }
    }

    @Test func aTableAsksForTheRowsThatShow() {
        var cursor = ListCursor()
        cursor.jump(to: 99_999, count: 100_000, height: 40)
        let asked = Mutex<[Int]>([])
        var canvas = Canvas(size: Self.screen, theme: .standard, glyphs: .unicode)
        canvas.table(
            TableContent(
                columns: [Column("ID", 6)], count: 100_000, cursor: cursor,
                cells: { index in
                    asked.withLock { $0.append(index) }
                    return [Span(String(index))]
                }))
        let rows = asked.withLock { $0 }
        #expect(Set(rows).count <= Self.screen.rows && rows.contains(99_999))
    }

    @Test func aListOfManyTasksGoesToItsEnds() throws {
        var federation = Network.federation
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(try #require(Network.tasks.first)), as: UTF8.self)
        let many = try (1...20_000).map { index in
            try #require(Network.decode(text.replacing("\"id\":30,", with: "\"id\":\(index + 100),")) as AlgorithmTask?)
        }
        federation.absorb(.tasks(many, total: many.count, older: true), for: .taskPage(1), at: Network.now)
        var app = Network.app(size: Self.screen, federation: federation)
        app.visit("tasks")
        #expect(app.view().text.contains("20100"), "the newest is first")
        _ = app.update(.key("G"), at: Network.now)
        #expect(app.view().text.contains("Lung summary"), "the oldest is last")
        _ = app.update(.key("g"), at: Network.now)
        #expect(app.view().text.contains("20100"))
    }
}
