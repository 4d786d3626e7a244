// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// Tables, cursors, editors and pagers as values.
@Suite struct WidgetTests {
    @Test func columnsLeaveByPriorityAndNoneIsCut() {
        let columns = [
            Column("ID", 5), Column("NAME", 10, upTo: 40), Column("AGE", 5, priority: 2), Column("BY", 6, priority: 1),
        ]
        #expect(TableLayout.widths(columns, available: 32) == [5, 10, 5, 6])
        #expect(TableLayout.widths(columns, available: 31) == [5, 16, nil, 6])
        #expect(TableLayout.widths(columns, available: 20) == [5, 13, nil, nil])
        #expect(TableLayout.widths(columns, available: 80) == [5, 40, 5, 6])
    }

    @Test func lineThatIsTooLongGoesOnBelowAtABlank() {
        let line = [Span("  one two "), Span("threefour five", .bad)]
        #expect(line.wrapped(columns: 24) == [line])
        #expect(
            line.wrapped(columns: 11) == [
                [Span("  one two")], [Span("  "), Span("threefour", .bad)], [Span("  "), Span("five", .bad)],
            ])
        let word = [Span("abcdefgh")].wrapped(columns: 3)
        #expect(word == [[Span("abc")], [Span("def")], [Span("gh")]])
        // A wide sign has no room in one column, and is not asked for again and again.
        #expect([Span("心心")].wrapped(columns: 1).count == 2)
    }

    @Test func dialogShowsAllItsWordsOnASmallScreen() {
        let lines: [[Span]] = [
            [Span("2 runs at maastro and antwerpen are stopped, and what they have done is lost.")]
        ]
        var dialog = Dialog("Kill the task Kaplan-Meier of overall survival?", lines: lines)
        dialog.alternative = .init(key: "a", label: "all of its subtasks too", effects: [])
        let small = screen(of: dialog, rows: 10, columns: 40)
        for word in "Kill the task Kaplan-Meier of overall survival? stopped, lost. subtasks too".split(separator: " ")
        {
            #expect(small.contains(word), "\(word)\n\(small)")
        }
        #expect(!small.contains("…"))
        // Where there are more lines than rows, what it is about and what follows from it are shown.
        dialog.alternative = nil
        dialog.lines = (1...12).map { [Span("run \($0)")] } + [[Span("What they have done is lost.")]]
        let cut = screen(of: dialog, rows: 10, columns: 60)
        #expect(
            cut.contains("run 1 ") && cut.contains("more lines") && cut.contains("is lost.") && cut.contains("y yes"))
    }

    private func screen(of dialog: Dialog, rows: Int, columns: Int) -> String {
        var canvas = Canvas(
            size: Size(rows: rows, columns: columns), theme: .monochrome, glyphs: .unicode)
        dialog.draw(on: &canvas)
        return canvas.surface.text
    }

    @Test func theCursorStaysInTheWindow() {
        var cursor = ListCursor()
        for _ in 0..<12 { cursor.move(by: 1, count: 100, height: 10) }
        #expect(cursor.index == 12 && cursor.top(count: 100, height: 10) == 3)
        cursor.move(by: -5, count: 100, height: 10)
        #expect(cursor.index == 7 && cursor.top(count: 100, height: 10) == 3, "the window moves only when it must")
        cursor.jump(to: 500, count: 100, height: 10)
        #expect(cursor.index == 99 && cursor.top(count: 100, height: 10) == 90)
        cursor.move(by: 0, count: 5, height: 10)
        #expect(cursor.index == 4 && cursor.top(count: 5, height: 10) == 0)
        cursor.move(by: 0, count: 0, height: 10)
        #expect(cursor.index == 0)
    }

    @Test func theLineEditorKnowsTheShellsKeys() {
        var editor = LineEditor("one two three")
        for key in [Key.control("w"), .home, .delete, "O", .end, "!", .left, .backspace] {
            let isTaken = editor.handle(key)
            #expect(isTaken, "\(key.name)")
        }
        #expect(editor.text == "One two!")
        _ = editor.handle(.control("u"))
        #expect(editor.text == "!")
        for key in [Key.enter, .tab] {
            let isTaken = editor.handle(key)
            #expect(!isTaken, "left to the form")
        }
        editor.insert("a\nb")
        #expect(editor.text == "a b!")
    }

    @Test func theTextAreaBreaksAndJoins() {
        var area = TextArea("ab")
        for key in [Key.left, .enter] { _ = area.handle(key) }
        #expect(area.text == "a\nb")
        _ = area.handle(.backspace)
        #expect(area.text == "ab")
        area.insert("1\n2")
        #expect(area.text == "a1\n2b")
        let isTaken = area.handle(.down)
        #expect(!isTaken, "the last line leads on to the next field")
    }

    @Test func aLogComesInPieces() {
        var log = LogBuffer()
        log.append("par")
        log.append("tial\nnext\r\n")
        log.append("10%\r20%\r30%\n")
        #expect(Array(log.lines) == ["partial", "next", "30%"])
    }

    /// A question can be answered before the event that tells of the same lines comes.
    @Test func linesThatAnAnswerBroughtAreNotShownAgainWhenTheEventComes() {
        let now = Network.now
        var log = LogBuffer(answer: "one\ntwo\nthree\n", at: now, after: nil, isOver: false)
        log.tell("one\n", at: now.adding(seconds: 0.2))
        log.tell("two\nthree\n", at: now.adding(seconds: 0.4))
        #expect(Array(log.lines) == ["one", "two", "three"])
        #expect(log.lines[timeOf: 0] == now.adding(seconds: 0.2))
        log.tell("three\n", at: now.adding(seconds: 0.6))
        log.tell("four", at: now.adding(seconds: 0.8))
        #expect(Array(log.lines) == ["one", "two", "three", "three", "four"], "what was told is not taken for old")
        let older = LogBuffer(
            answer: "one\ntwo\nthree\n", at: now.adding(seconds: 1), after: log, isOver: false)
        #expect(older == log, "an answer from before the events takes nothing away")
        log = LogBuffer(
            answer: "one\ntwo\nthree\nthree\nfour\nfive\nsix", at: now.adding(seconds: 2), after: log, isOver: true)
        log.tell("five\nsix", at: now.adding(seconds: 3))
        #expect(log.lines.count == 7)
    }

    @Test func aLineThatComesAgainLongAfterAnAnswerIsANewOne() {
        var log = LogBuffer(answer: "tick\n", at: Network.now, after: nil, isOver: false)
        for second in 10..<13 { log.tell("tick\n", at: Network.now.adding(seconds: Double(second))) }
        #expect(Array(log.lines) == ["tick", "tick", "tick", "tick"])
    }

    /// The server's text ends what a doubtful event made of it.
    @Test func theServersTextWins() {
        var log = LogBuffer(answer: "a\n", at: Network.now, after: nil, isOver: false)
        log.tell("b\na\n", at: Network.now)
        let fresh = LogBuffer(answer: "a\na\n", at: Network.now, after: log, isOver: false)
        #expect(Array(fresh.lines) == ["a", "a"])
    }

    @Test func aLogKeepsItsEndWithinItsBytes() {
        var log = LogBuffer()
        let line = String(repeating: "x", count: 90)
        for index in 0..<80_000 { log.append("\(line)\(index)\n") }
        #expect(log.lines.size <= LogBuffer.maximumSize * 11 / 10)
        #expect(log.lines.count >= 50_000, "what a person may want to scroll back is kept")
        #expect(log.dropped + log.lines.count == 80_000)
        #expect(log.lines.first == "\(line)\(log.dropped)" && log.lines.last == "\(line)79999")
        log.append(String(repeating: "y", count: 1_000_000))
        #expect((log.lines.last?.count ?? .max) <= LogBuffer.maximumLineLength + 1)
    }

    @Test func thePagerFollowsWrapsAndFinds() {
        let lines = (0..<100).map { "line \($0)" } + [String(repeating: "w", count: 25)]
        let size = Size(rows: 10, columns: 10)
        var pager = TextPager(following: true)
        #expect(pager.place(lines: lines, size: size).line == 91)
        _ = pager.handle(.wrap, lines: lines, size: size)
        #expect(pager.place(lines: lines, size: size).line == 93, "a line of 25 takes three rows of 10")
        _ = pager.handle(.moveUp, lines: lines, size: size)
        #expect(!pager.isFollowing && pager.place(lines: lines, size: size).line == 92)
        pager.search("LINE 42", lines: lines, size: size)
        #expect(pager.hit == 42)
        _ = pager.handle(.nextMatch, lines: lines, size: size)
        #expect(pager.hit == 42, "the only match is the next one too")
        pager.search("line 1", lines: lines, size: size)
        #expect(pager.matches(in: lines) == 11)
        pager.search("absent", lines: lines, size: size)
        #expect(pager.hit == nil)
        _ = pager.handle(.follow, lines: lines, size: size)
        #expect(pager.isFollowing)
    }

    @Test func theTimelineNamesTheStraggler() {
        let app = Network.app()
        let timeline = Timeline(task: 28, in: app.model.world)
        #expect(timeline.lanes.map(\.name) == ["Maas Clinic", "Noord Hospital", "Delta UMC"])
        #expect(timeline.shares.first?.name == "Maas Clinic")
        #expect(timeline.seconds == 71)
    }

    @Test func theTimelineTellsWhereTheTimeWent() {
        let world = Network.app().model.world
        let plain = Timeline(task: 28, in: world)
        #expect(plain.parts.waiting == 1 && plain.parts.computing == 70 && plain.parts.combining == 0)
        // Central from 14:18:03 on, its subtasks from 14:18:08 until now.
        let rounds = Timeline(task: 30, in: world)
        let central = rounds.lanes.first { $0.isCentral }?.bars.first
        #expect(central?.waits.map(\.from) == [Network.moment("14:18:08")])
        #expect(rounds.parts.combining == 5)
        #expect(rounds.roundSeconds == [239])
        #expect(rounds.usual?.count == 1, "only what is older counts")
        #expect(plain.usual == nil)
        #expect(TimelineScreen.summary(rounds, columns: 60).contains("round 1  3 min 59 s"))
        // While the runs of the subtasks are on their way nothing is summed up.
        var federation = Federation()
        federation.absorb(.tasks(Network.tasks, total: 6, older: false), for: .tasks, at: Network.now)
        federation.absorb(
            .subtasks(of: 30, [Network.subtask].compactMap(\.self)), for: .subtasks(of: 30), at: Network.now)
        federation.absorb(.runs(task: 30, Network.runs[30] ?? []), for: .runs(task: 30), at: Network.now)
        var early = world
        early.federation = federation
        let partial = Timeline(task: 30, in: early)
        #expect(!partial.isComplete && partial.rounds.isEmpty && partial.parts.percents.isEmpty)
    }
}
