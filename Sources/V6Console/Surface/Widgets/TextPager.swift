// SPDX-License-Identifier: Apache-2.0

/// A row of a text whose lines may be wrapped: the line, and the row inside it.
struct TextPlace: Hashable, Comparable, Sendable {
    var line = 0
    var subrow = 0

    static func < (left: TextPlace, right: TextPlace) -> Bool {
        (left.line, left.subrow) < (right.line, right.subrow)
    }
}

/// The reader's place in a long text: what `less` offers, for text that may still grow.
///
/// The place is a line and a row inside that line (lines may be wrapped), so that nothing has to be measured but what shows.
struct TextPager: Hashable, Sendable {
    private var top = TextPlace()
    private(set) var offset = 0
    var isFollowing: Bool
    var isWrapping = false
    private(set) var query = ""
    private(set) var hit: Int?

    init(following: Bool = false) {
        isFollowing = following
    }

    /// Handles the actions every text shares; false if the action is not one of them.
    mutating func handle(_ action: Action, lines: some Lines, size: Size) -> Bool {
        switch action {
        case .moveDown: scroll(by: 1, lines: lines, size: size)
        case .moveUp: scroll(by: -1, lines: lines, size: size)
        case .pageDown: scroll(by: max(1, size.rows - 1), lines: lines, size: size)
        case .pageUp: scroll(by: -max(1, size.rows - 1), lines: lines, size: size)
        case .halfPageDown: scroll(by: max(1, size.rows / 2), lines: lines, size: size)
        case .halfPageUp: scroll(by: -max(1, size.rows / 2), lines: lines, size: size)
        case .first:
            isFollowing = false
            top = TextPlace()
        case .last:
            isFollowing = false
            top = end(lines: lines, size: size)
        case .scrollRight: offset += max(1, size.columns / 2)
        case .scrollLeft: offset = max(0, offset - max(1, size.columns / 2))
        case .follow:
            isFollowing.toggle()
            if !isFollowing { top = end(lines: lines, size: size) }
        case .wrap:
            isWrapping.toggle()
            top.subrow = 0
            offset = 0
        case .nextMatch: find(from: (hit ?? top.line - 1) + 1, step: 1, lines: lines, size: size)
        case .previousMatch: find(from: (hit ?? top.line) - 1, step: -1, lines: lines, size: size)
        default: return false
        }
        return true
    }

    /// Starts a search at the top of the window.
    ///
    /// An empty query ends it.
    mutating func search(_ text: String, lines: some Lines, size: Size) {
        query = text
        hit = nil
        if !text.isEmpty { find(from: isFollowing ? 0 : top.line, step: 1, lines: lines, size: size) }
    }

    /// Scrolls just so far that a line shows.
    mutating func reveal(_ line: Int, lines: some Lines, size: Size) {
        let first = place(lines: lines, size: size).line
        isFollowing = false
        top = TextPlace(line: min(max(first, line - size.rows + 1), line))
    }

    /// Lines that match the query.
    func matches(in lines: some Lines) -> Int {
        query.isEmpty ? 0 : lines.reduce(0) { $0 + ($1.lowercased().contains(query.lowercased()) ? 1 : 0) }
    }

    /// Follows lines that left the buffer.
    mutating func drop(_ count: Int) {
        top.line = max(0, top.line - count)
        hit = hit.flatMap { $0 >= count ? $0 - count : nil }
    }

    /// The place of the first row shown.
    func place(lines: some Lines, size: Size) -> TextPlace {
        let last = end(lines: lines, size: size)
        return isFollowing ? last : min(top, last)
    }

    func height(of line: String, columns: Int) -> Int {
        guard isWrapping, columns > 0 else { return 1 }
        return max(1, (TextWidth.of(line) + columns - 1) / columns)
    }

    private mutating func scroll(by rows: Int, lines: some Lines, size: Size) {
        var place = place(lines: lines, size: size)
        isFollowing = false
        var left = rows
        while left > 0 {
            let height = height(of: lines.indices.contains(place.line) ? lines[place.line] : "", columns: size.columns)
            if place.subrow + 1 < height { place.subrow += 1 } else { place = TextPlace(line: place.line + 1) }
            left -= 1
        }
        while left < 0, place.line > 0 || place.subrow > 0 {
            if place.subrow > 0 {
                place.subrow -= 1
            } else {
                let line = place.line - 1
                let height = height(of: lines.indices.contains(line) ? lines[line] : "", columns: size.columns)
                place = TextPlace(line: line, subrow: height - 1)
            }
            left += 1
        }
        top = min(place, end(lines: lines, size: size))
    }

    /// The place from which the last line is at the bottom of the window.
    private func end(lines: some Lines, size: Size) -> TextPlace {
        var room = size.rows
        var line = lines.count
        while line > 0 {
            let height = height(of: lines[line - 1], columns: size.columns)
            if height >= room { return TextPlace(line: line - 1, subrow: height - room) }
            room -= height
            line -= 1
        }
        return TextPlace()
    }

    private mutating func find(from start: Int, step: Int, lines: some Lines, size: Size) {
        guard !query.isEmpty, !lines.isEmpty else { return }
        let wanted = query.lowercased()
        var index = (start % lines.count + lines.count) % lines.count
        for _ in lines.indices {
            if lines[index].lowercased().contains(wanted) {
                isFollowing = false
                hit = index
                top = min(TextPlace(line: max(0, index - size.rows / 3)), end(lines: lines, size: size))
                return
            }
            index = (index + step + lines.count) % lines.count
        }
        hit = nil
    }
}
