// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Canvas {
    /// What stands in place of data that is not there: still loading, failed, refused, or empty with the next key.
    ///
    /// `kind` is what the list is of where a refusal leaves it empty instead of failing it.
    ///
    /// Returns false if there is data to draw.
    mutating func placeholder(
        for subject: Subject, isEmpty: Bool, empty: String, of kind: RecordKind? = nil, in world: World
    ) -> Bool {
        guard isEmpty else { return false }
        if world.federation.hasLoaded(subject), let kind, let advice = world.federation.adviceToSee(kind) {
            paragraphs([("You may not see \(kind.plural).", .bad), (advice, .dim)])
        } else if world.federation.hasLoaded(subject) {
            paragraphs([(empty, .dim)])
        } else if let fault = world.federation.loads[subject]?.fault {
            let head =
                fault.kind == .forbidden ? "You may not see \(subject.title)." : "Could not load \(subject.title)."
            paragraphs([(head, .bad), (fault.message, .text), (fault.advice, .dim)])
        } else if let since = world.running[.load(subject)], world.now.seconds(since: since) >= 0.3 {
            var lines: [(String, TextRole)] = [("Loading \(subject.title) …", .dim)]
            if let transfer = world.transfers[.load(subject)] {
                if let total = transfer.progress.total {
                    lines.append(
                        (
                            glyphs.bar(transfer.progress.received, of: total, columns: min(40, size.columns - 4)),
                            .running
                        ))
                }
                lines.append((transfer.words(at: world.now), .text))
                lines.append(("esc stops it", .dim))
            }
            paragraphs(lines.map { (text: $0.0, role: $0.1) })
        }
        return true
    }

    /// Sentences in the middle of the region, wrapped at blanks.
    mutating func paragraphs(_ paragraphs: [(text: String, role: TextRole)]) {
        let lines = paragraphs.flatMap { paragraph in
            Self.wrap(paragraph.text, columns: max(8, size.columns - 2)).map { ($0, paragraph.role) }
        }
        let first = max(0, (size.rows - lines.count) / 2)
        for (row, line) in lines.enumerated() { paragraph(line.0, row: first + row, role: line.1) }
    }

    static func wrap(_ text: String, columns: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, TextWidth.of(last) + 1 + TextWidth.of(String(word)) <= columns {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// A line in the middle of the region.
    mutating func paragraph(_ text: String, row: Int, role: TextRole) {
        let width = min(TextWidth.of(text), size.columns)
        self.text(text, row: row, column: max(0, (size.columns - width) / 2), role: role)
    }

    /// Names and values below each other; returns the rows used.
    @discardableResult
    mutating func facts(_ facts: [(String, Span)], row: Int = 0, column: Int = 1, columns: Int? = nil) -> Int {
        let widest = facts.map { TextWidth.of($0.0) }.max() ?? 0
        let label = widest == 0 ? 0 : widest + 2
        let room = columns ?? (size.columns - column)
        for (index, fact) in facts.enumerated() {
            text(fact.0, row: row + index, column: column, columns: label - 1, role: .dim)
            text(fact.1.text, row: row + index, column: column + label, columns: room - label, role: fact.1.role)
        }
        return facts.count
    }
}
