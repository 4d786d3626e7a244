// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// How a result is looked at: as a table, as numbers with their spread, as shapes, or as it came.
struct ResultView: Hashable, Sendable {
    enum Mode: String, CaseIterable, Sendable { case table, numbers, histogram, sparkline, raw }

    private(set) var mode = Mode.table
    var pager = TextPager()
    private var arrangement = ResultArrangement()
    private let memory = ResultMemory()

    /// Shows the next way that fits the content.
    mutating func next(_ content: DecodedResult.Content?) {
        let all = Mode.allCases
        var index = all.firstIndex(of: mode) ?? 0
        repeat { index = (index + 1) % all.count } while !fits(all[index], content)
        mode = all[index]
        pager = TextPager()
    }

    private func fits(_ mode: Mode, _ content: DecodedResult.Content?) -> Bool {
        guard case .json(let json) = content else { return mode == .raw }
        switch mode {
        case .table: return true
        case .numbers, .sparkline: return !ResultNumbers(json).series.isEmpty
        case .histogram: return ResultNumbers(json).series.contains { $0.values.count > 2 }
        case .raw: return true
        }
    }

    /// The value whose tables can be arranged; nil where something else shows.
    private func arranged(_ content: DecodedResult.Content?) -> JSONValue? {
        guard mode == .table, case .json(let json) = content else { return nil }
        return ResultPart(json).value
    }

    private func sections(_ content: DecodedResult.Content?) -> ResultSections? {
        arranged(content).map { ResultSections($0) }
    }

    /// Why the table cannot be arranged so now; nil if it can.
    func refusal(of action: Action, _ content: DecodedResult.Content?) -> String? {
        guard [.sort, .reverse, .hideColumn].contains(action), arranged(content) == nil else { return nil }
        if content == nil { return "there is no result yet" }
        return mode == .table ? "the result is no table" : "only in the table (v leads to it)"
    }

    /// Answers the keys that arrange the table; nil leaves the action to the screen.
    mutating func handle(_ action: Action, _ content: DecodedResult.Content?) -> [Reaction]? {
        guard [.sort, .reverse, .hideColumn].contains(action) else { return nil }
        return sections(content).flatMap { arrangement.handle(action, $0) }
    }

    mutating func pick(_ choice: String, _ content: DecodedResult.Content?) -> [Reaction] {
        sections(content).map { arrangement.pick(choice, $0) } ?? []
    }

    /// What the frame says of the view.
    func note(_ content: DecodedResult.Content?) -> String {
        let hidden = arrangement.hidesColumns ? sections(content).map(arrangement.hiddenCount) ?? 0 : 0
        var words = [mode.rawValue]
        if hidden > 0 { words.append("\(hidden) hidden (h)") }
        if mode == .table || mode == .raw, case .json(let json) = content, let note = ResultPart(json).note {
            words.append(note)
        }
        return words.joined(separator: " · ")
    }

    /// The result as lines of text.
    func lines(_ content: DecodedResult.Content?, columns: Int) -> [String] {
        content.map { text($0, columns: columns).lines } ?? []
    }

    /// The lines, and which of them are heads.
    private func text(_ content: DecodedResult.Content, columns: Int) -> (lines: [String], heads: Set<Int>) {
        memory.text(
            of: ResultMemory.Key(content: content, mode: mode, arrangement: arrangement, columns: columns),
            made: { make(content, columns: columns) })
    }

    private func make(_ content: DecodedResult.Content, columns: Int) -> (lines: [String], heads: Set<Int>) {
        func split(_ text: String) -> [String] {
            text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        switch content {
        case .empty: return (["The run sent no result."], [])
        case .unreadable(let reason): return (["The result cannot be read: \(reason)"], [])
        case .bytes(let data):
            return (String(bytes: data, encoding: .utf8).map(split) ?? Self.dump(Array(data)), [])
        case .json(let json):
            switch mode {
            case .raw: return (split(ResultPart(json).value.text(.pretty)), [])
            case .numbers: return (ResultNumbers(json).figures(), [0])
            case .histogram: return (ResultNumbers(json).histograms(columns: columns), [])
            case .sparkline: return (ResultNumbers(json).sparklines(columns: columns), [])
            case .table: return arrangement.apply(to: ResultSections(ResultPart(json).value)).lines()
            }
        }
    }

    /// What a file of the result holds: usually CSV for one table, JSON for anything else; nil where there is no result.
    func export(_ result: OpenedResult) -> Export? {
        let name = "result-run-\(result.run)"
        switch result.content {
        case .empty, .unreadable: return nil
        case .bytes: return Export(name, lines: lines(result.content, columns: 80))
        case .json(let json):
            let isTable = mode == .table && ResultSections.isOne(json)
            return Export(name, value: json, ending: isTable ? "csv" : "json")
        }
    }

    func draw(
        _ content: DecodedResult.Content?, of run: Run?, focused: Bool, on canvas: inout Canvas, in world: World
    ) {
        guard let content else {
            let subject = run.map { Subject.result(run: $0.id) }
            if let run, !run.status.isFinished {
                canvas.paragraphs([("The result comes when the run ends.", .dim)])
            } else if let subject {
                _ = canvas.placeholder(for: subject, isEmpty: true, empty: "The run sent no result.", in: world)
            }
            return
        }
        if case .empty = content, let run, run.status != .completed {
            let task = run.task.flatMap { world.federation.tasks[$0.id] }
            let reason = world.federation.reason(for: run, task: task).map { ": \($0)" } ?? ""
            canvas.paragraphs([
                ("The run ended as \(run.status.rawValue)\(reason).", .text),
                ("It sent no result; its log says more.", .dim),
            ])
            return
        }
        let (lines, heads) = text(content, columns: canvas.size.columns)
        if case .unreadable = content {
            canvas.pager(wrapping, lines: lines) { _ in .bad }
            return
        }
        let headings = Set(heads.filter(lines.indices.contains).map { lines[$0] })
        canvas.pager(pager, lines: lines) { headings.contains($0) ? .heading : .text }
    }

    private var wrapping: TextPager {
        var pager = pager
        pager.isWrapping = true
        return pager
    }

    private static func dump(_ bytes: [UInt8]) -> [String] {
        stride(from: 0, to: min(bytes.count, 65_536), by: 16).map { start in
            let part = bytes[start..<min(start + 16, bytes.count)]
            let hex = part.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
            let text = String(part.map { (0x20..<0x7F).contains($0) ? Character(Unicode.Scalar($0)) : "." })
            return "\(String(start, radix: 16).leftPadded(8))  \(hex.padded(to: 48)) \(text)"
        }
    }
}

extension String {
    func leftPadded(_ columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - TextWidth.of(self))) + self
    }
}
