// SPDX-License-Identifier: Apache-2.0

/// The parts of help in as many columns as fit.
struct HelpLayout: Sendable {
    /// What stands in a line of a column.
    enum Line: Sendable {
        case head(String)
        case entry(HelpEntry, keyWidth: Int)
        case blank
    }

    /// What enter can run, in the order of reading: down a column, then the next.
    struct Choice: Sendable {
        var column: Int
        var line: Int
        var entry: HelpEntry
        var target: Palette.Entry.Target
    }

    private static let gap = 2
    /// Where a part of this name begins, a person begins.
    private static let start = "THIS VIEW"

    private(set) var columns: [[Line]]
    private(set) var choices: [Choice] = []
    private(set) var width: Int
    /// The choice that help opens on.
    private(set) var first = 0

    init(_ sections: [HelpSection], columns room: Int) {
        let count = min(4, max(1, (room + Self.gap) / 26))
        width = max(1, (room - (count - 1) * Self.gap) / count)
        columns = Array(repeating: [], count: count)
        for section in sections {
            // The next part goes where there is most room, from the left.
            let heights = columns.map(\.count)
            let place = heights.firstIndex(of: heights.min() ?? 0) ?? 0
            let keys = section.entries.filter { !$0.brief.isEmpty }.map { TextWidth.of($0.key) }.max() ?? 0
            if !columns[place].isEmpty { columns[place].append(.blank) }
            columns[place].append(.head(section.title))
            columns[place] += section.entries.map { .entry($0, keyWidth: min(keys, width / 2)) }
        }
        for (column, lines) in columns.enumerated() {
            var isStart = false
            for (line, content) in lines.enumerated() {
                if case .head(let title) = content { isStart = title == Self.start }
                guard case .entry(let entry, _) = content, let target = entry.target else { continue }
                if isStart { first = choices.count }
                isStart = false
                choices.append(Choice(column: column, line: line, entry: entry, target: target))
            }
        }
    }

    var height: Int { columns.map(\.count).max() ?? 0 }

    /// Where a column begins.
    func start(of column: Int) -> Int { column * (width + Self.gap) }

    /// The nearest choice in a column.
    func nearest(to line: Int, in column: Int) -> Int? {
        choices.indices.filter { choices[$0].column == column }.min {
            abs(choices[$0].line - line) < abs(choices[$1].line - line)
        }
    }
}
