// SPDX-License-Identifier: Apache-2.0

/// How a list is sorted: in its own order, or by one of its columns.
struct ListOrder: Hashable, Sendable {
    private var column: Int?
    private var isAscending = true

    init(column: Int? = nil, isAscending: Bool = true) {
        self.column = column
        self.isAscending = isAscending
    }

    /// What the head of the table marks.
    var mark: (column: Int, ascending: Bool)? { column.map { ($0, isAscending) } }

    /// The rows in this order; among equals the list's own.
    func sorted<Row>(_ rows: [Row], cells: (Row) -> [Span]) -> [Row] {
        guard let column else { return isAscending ? rows : rows.reversed() }
        let keyed = rows.enumerated().map { index, row in
            let cells = cells(row)
            return (row: row, key: column < cells.count ? Key(cells[column]) : .none, index: index)
        }
        return keyed.sorted { left, right in
            if left.key == right.key { return left.index < right.index }
            // What is not there comes last, whichever way.
            if left.key == .none || right.key == .none { return right.key == .none }
            return isAscending == (left.key < right.key)
        }.map(\.row)
    }

    /// Answers the keys for it; nil leaves the action to the screen.
    mutating func handle(_ action: Action, _ columns: [Column]) -> [Reaction]? {
        switch action {
        case .sort: return [.pick(palette(columns))]
        case .reverse: isAscending.toggle()
        default: return nil
        }
        return []
    }

    /// Takes the choice from the list that ``handle(_:_:)`` offered.
    mutating func pick(_ choice: String, _ columns: [Column]) {
        column = columns.firstIndex { $0.title.lowercased() == choice }
        isAscending = true
    }

    private func palette(_ columns: [Column]) -> Palette {
        let names = columns.map { $0.title.lowercased() }
        return Palette(sortingBy: names, current: column.map { names[$0] }, unsorted: "") { $0 }
    }

    private enum Key: Comparable {
        case number(Double)
        case text(String)
        case none

        init(_ span: Span) {
            if let order = span.order ?? Double(span.text), !order.isNaN {
                self = .number(order)
            } else {
                self = span.text.isEmpty || span.text == "–" ? .none : .text(span.text.lowercased())
            }
        }
    }
}
