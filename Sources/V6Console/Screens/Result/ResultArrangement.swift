// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How the person has the tables of a result: sorted by a column, without the columns that are hidden.
///
/// Columns are known by their names, so that the arrangement also holds for the result of the next organization.
struct ResultArrangement: Hashable, Sendable {
    private var sorted: String?
    private var isAscending = true
    private var hidden: Set<String> = []

    /// The tables as they are arranged; the column that sorts is marked in its head.
    func apply(to sections: ResultSections) -> ResultSections {
        let parts = sections.sections.compactMap { section -> ResultSections.Section? in
            let names = Self.names(of: section)
            let column = sorted.flatMap { names.firstIndex(of: $0) }
            // Without a column, turning the order round turns every table; with one, only that which has it.
            let order = ListOrder(column: column, isAscending: column == nil && sorted != nil || isAscending)
            let shown = names.indices.filter { !hidden.contains(names[$0]) }
            guard !shown.isEmpty else { return nil }
            let rows = order.sorted(section.grid.rows) { $0.map(Self.span) }
            let mark = Glyphs.unicode[isAscending ? .up : .down]
            return ResultSections.Section(
                title: section.title,
                grid: ResultGrid(
                    columns: shown.map { section.grid.columns[$0] + ($0 == column ? mark : "") },
                    rows: rows.map { row in shown.map { row[$0] } }))
        }
        return ResultSections(parts)
    }

    var hidesColumns: Bool { !hidden.isEmpty }

    /// How many of the columns are hidden.
    func hiddenCount(in sections: ResultSections) -> Int {
        Self.names(of: sections).count(where: hidden.contains)
    }

    /// Answers the keys for it; nil leaves the action to the screen.
    mutating func handle(_ action: Action, _ sections: ResultSections) -> [Reaction]? {
        switch action {
        case .sort: return [.pick(sortPalette(sections))]
        case .reverse: isAscending.toggle()
        case .hideColumn: return [.pick(hidingPalette(sections))]
        default: return nil
        }
        return []
    }

    /// Takes the choice from a list that ``handle(_:_:)`` offered.
    mutating func pick(_ choice: String, _ sections: ResultSections) -> [Reaction] {
        let parts = choice.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts.count > 1 ? parts[1] : nil
        switch parts.first.flatMap(Choice.init) {
        case .sort: (sorted, isAscending) = (name, true)
        case .hide:
            guard let name else { return [] }
            if Set(Self.names(of: sections)).subtracting(hidden) == [name] {
                return [.say(.refusal("Cannot hide \(name): it is the last column that shows"))]
            }
            hidden.insert(name)
        case .show:
            if let name { hidden.remove(name) } else { hidden = [] }
        case nil: break
        }
        return []
    }

    private enum Choice: String { case sort, hide, show }

    private func sortPalette(_ sections: ResultSections) -> Palette {
        let names = Self.names(of: sections).filter { !hidden.contains($0) }
        return Palette(sortingBy: names, current: sorted, unsorted: "sort") { "sort \($0)" }
    }

    private func hidingPalette(_ sections: ResultSections) -> Palette {
        let names = Self.names(of: sections)
        let all = Palette.Entry(title: "show all columns", kind: "", key: "", target: .choice("show"))
        let entries = names.map { name in
            let isHidden = hidden.contains(name)
            return Palette.Entry(
                title: isHidden ? "show \(name)" : name, kind: isHidden ? "hidden" : "column", key: "",
                target: .choice(isHidden ? "show \(name)" : "hide \(name)"))
        }
        return Palette(title: "Hide a column", entries: (hidden.isEmpty ? [] : [all]) + entries)
    }

    private static func names(of sections: ResultSections) -> [String] { sections.sections.flatMap { names(of: $0) } }

    private static func names(of section: ResultSections.Section) -> [String] {
        section.title.isEmpty ? section.grid.columns : section.grid.columns.map { "\(section.title).\($0)" }
    }

    private static func span(_ value: JSONValue) -> Span {
        Span(ResultGrid.text(value), order: value.doubleValue)
    }
}
