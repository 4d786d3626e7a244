// SPDX-License-Identifier: Apache-2.0

/// What a table shows side by side, page after page.
///
/// The first page has the columns there is room for. What it leaves out or cuts short comes on the next ones, in full width, beside
/// the columns that name a row.
struct TablePages {
    /// A column in its place.
    struct Slot: Hashable {
        var column: Int
        var width: Int
        /// How many columns of its texts the page before has shown.
        var skipped = 0
    }

    private(set) var pages: [[Slot]]

    /// The last page.
    var last: Int { pages.count - 1 }

    /// - Parameters:
    ///   - columns: The columns of the table.
    ///   - rows: The cells of the rows that show.
    ///   - room: How many columns of the screen there are.
    init(_ columns: [Column], rows: [[Span]], room: Int) {
        func widest(_ index: Int, _ width: (Span) -> Int) -> Int {
            rows.map { index < $0.count ? width($0[index]) : 0 }.max() ?? 0
        }
        let fitted = columns.enumerated().map { index, column in
            // No column needs more room than its widest cell that shows.
            var column = column
            let widest = max(widest(index, \.width), TextWidth.of(column.title) + 1)
            column.maximum = max(column.minimum, min(column.maximum, widest))
            return column
        }
        let widths = TableLayout.widths(fitted, available: room)
        var first: [Slot] = []
        var end = 0
        for index in columns.indices {
            // Where even the columns that never leave do not fit, the last of them is cut, and has the margin too.
            guard let width = widths[index], end < room else { continue }
            first.append(Slot(column: index, width: min(width, room + 1 - end)))
            end += width + TableLayout.gap
        }
        pages = [first]
        let left = columns.indices.filter { index in !first.contains { $0.column == index } }
        let cut = first.filter { slot in widest(slot.column) { TextWidth.of($0.brief ?? $0.text) } > slot.width }
        guard !left.isEmpty || !cut.isEmpty else { return }

        let name = columns.firstIndex(where: \.names) ?? 0
        let fixed = Self.fixed(first.filter { $0.column <= name }, columns, room: room)
        let rest = max(2, room - fixed.reduce(0) { $0 + $1.width + TableLayout.gap })
        var page: [Slot] = []
        var used = 0
        for index in left + cut.map(\.column) {
            let full = max(widest(index, \.width), TextWidth.of(columns[index].title))
            if !page.isEmpty, used + full > rest {
                pages.append(fixed + page)
                (page, used) = ([], 0)
            }
            var skipped = 0
            while full - skipped > rest {
                pages.append(fixed + [Slot(column: index, width: rest, skipped: skipped)])
                // The last column of a text that goes on holds the sign that says so.
                skipped += rest - 1
            }
            page.append(Slot(column: index, width: full - skipped, skipped: skipped))
            used += full - skipped + TableLayout.gap
        }
        pages.append(fixed + page)
    }

    /// The columns that stay: the last of them gives way, so that half of the room is for what is scrolled.
    private static func fixed(_ slots: [Slot], _ columns: [Column], room: Int) -> [Slot] {
        var slots = slots
        guard let last = slots.last else { return slots }
        let excess = slots.reduce(0) { $0 + $1.width + TableLayout.gap } - room / 2
        let least = min(last.width, columns[last.column].minimum)
        slots[slots.count - 1].width = max(least, last.width - max(0, excess))
        return slots
    }
}
