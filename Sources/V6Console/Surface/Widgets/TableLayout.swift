// SPDX-License-Identifier: Apache-2.0

/// A column of a table.
struct Column: Hashable, Sendable {
    var title: String
    /// The least width at which the column is worth showing.
    var minimum: Int
    /// The width beyond which more room is no help.
    var maximum: Int
    /// When room is short the column with the highest number goes first; 0 stays.
    var priority: Int
    var alignment: Alignment
    /// Whether it says what a row is: it and those before it stay while the others are scrolled.
    var names: Bool

    init(
        _ title: String, _ minimum: Int, upTo maximum: Int? = nil, priority: Int = 0, align: Alignment = .leading,
        names: Bool = false
    ) {
        self.title = title
        self.minimum = minimum
        self.maximum = maximum ?? minimum
        self.priority = priority
        alignment = align
        self.names = names
    }
}

/// Decides which columns of a table show and how wide: whole columns go by priority, none is cut below its minimum.
enum TableLayout {
    static let gap = 2

    /// Width of each column, nil for those left out.
    static func widths(_ columns: [Column], available: Int) -> [Int?] {
        var shown = Set(columns.indices)
        func needed() -> Int {
            shown.reduce(0) { $0 + columns[$1].minimum } + gap * max(0, shown.count - 1)
        }
        while shown.count > 1, needed() > available {
            guard
                let victim = shown.filter({ columns[$0].priority > 0 }).max(by: { left, right in
                    (columns[left].priority, left) < (columns[right].priority, right)
                })
            else { break }
            shown.remove(victim)
        }
        var widths = columns.map(\.minimum)
        var spare = available - needed()
        // What is left goes to the most important columns first, and in equal parts among equals.
        for priority in Set(columns.map(\.priority)).sorted() where spare > 0 {
            while spare > 0 {
                let hungry = columns.indices.filter { index in
                    shown.contains(index) && columns[index].priority == priority
                        && widths[index] < columns[index].maximum
                }
                if hungry.isEmpty { break }
                let share = max(1, spare / hungry.count)
                for index in hungry where spare > 0 {
                    let more = min(share, columns[index].maximum - widths[index], spare)
                    widths[index] += more
                    spare -= more
                }
            }
        }
        return columns.indices.map { shown.contains($0) ? widths[$0] : nil }
    }
}
