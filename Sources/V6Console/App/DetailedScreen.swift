// SPDX-License-Identifier: Apache-2.0

/// A list with the detail of the row that the cursor is on.
///
/// `tab` goes into the detail and back; whichever has the focus can have all the room.
protocol DetailedScreen: ListScreen {
    var reading: Reading { get set }
    /// Whether the pane with the focus has all the room.
    var isFull: Bool { get set }
    /// Where the two lie side by side; nil where there is no room for the detail.
    func split(_ size: Size) -> (list: Rect, detail: Rect?)
}

extension Size {
    /// Whether a list has a frame, and what belongs to its row panes around it.
    var framesLists: Bool { columns >= 120 && rows >= 20 }
}

/// The place of a reader in a detail.
struct Reading: Hashable, Sendable {
    /// Whether keys mean the detail, not the list.
    var isFocused = false
    /// How many lines of it are above the window.
    var skipped = 0
}

extension DetailedScreen {
    /// There is always a detail to go to: where it has no room beside the list it covers it.
    func hasPanes(in world: World) -> Bool { pointed != nil }
    func split(_ size: Size) -> (list: Rect, detail: Rect?) { Rect(size).listAndDetail() }

    /// Where both are drawn, the detail over the list where it covers it.
    func panes(_ size: Size) -> (list: Rect, detail: Rect?) {
        let whole = Rect(size)
        if isFull { return (whole, reading.isFocused ? whole : nil) }
        let parts = split(size)
        return (parts.list, parts.detail ?? (reading.isFocused ? whole : nil))
    }

    func room(in size: Size) -> Rect { isFull ? Rect(size) : split(size).list }

    /// Answers the keys for focus and room; nil leaves the action to the screen.
    mutating func changeFocus(_ action: Action) -> [Reaction]? {
        switch action {
        case .nextPane, .previousPane: reading.isFocused.toggle()
        case .fullScreen: isFull.toggle()
        default: return nil
        }
        return []
    }

    mutating func type(_ key: Key, in world: World) -> [Reaction]? {
        guard reading.isFocused, key == .escape else { return nil }
        reading.isFocused = false
        return []
    }

    mutating func click(_ point: Point, in world: World) -> [Reaction] {
        if let detail = panes(world.body.size).detail, detail.contains(point) {
            reading.isFocused = true
            return []
        }
        reading.isFocused = false
        return choose(at: point, in: world) == .opened ? perform(.open, in: world) : []
    }
}

/// A detail as text: names and values.
struct DetailText {
    var title: String
    var note: String
    var facts: [(String, Span)]

    /// Its lines in so many columns: cut beside the list, wrapped where somebody reads them.
    func lines(columns: Int, wrapped: Bool) -> [(String, Span)] {
        guard wrapped else { return facts }
        let label = facts.map { TextWidth.of($0.0) }.max() ?? 0
        let room = max(8, columns - label - 3)
        return facts.flatMap { name, value in
            let lines = value.width <= room ? [value.text] : Canvas.wrap(value.text, columns: room)
            return lines.enumerated().map { ($0.offset == 0 ? name : "", Span($0.element, value.role)) }
        }
    }
}

/// A sortable list with the detail of the row that the cursor is on, as text.
protocol DetailedList: SortableList, DetailedScreen {
    func detail(in world: World) -> DetailText?
}

extension DetailedList {
    func room(in size: Size) -> Rect {
        let list = isFull ? Rect(size) : split(size).list
        return size.framesLists ? list.inset() : list
    }

    /// Draws the list where it lies, in a frame where there is room for one.
    func drawList(_ title: String, note: String, on canvas: inout Canvas, _ content: (inout Canvas) -> Void) {
        let isFramed = canvas.size.framesLists
        canvas.region(panes(canvas.size).list) { canvas in
            if isFramed {
                canvas.box(title, note: note, focused: !reading.isFocused, content)
            } else {
                content(&canvas)
            }
        }
    }

    /// Brings the detail up to date with its row and its room.
    mutating func settleDetail(in world: World) {
        if pointed == nil { reading = Reading() }
        reading.skipped = min(reading.skipped, hidden(in: world))
    }

    private func inner(_ pane: Rect) -> Size { Size(rows: max(1, pane.rows - 2), columns: max(1, pane.columns - 2)) }

    /// How many lines of the detail are too many for its pane.
    func hidden(in world: World) -> Int {
        guard let pane = panes(world.body.size).detail, let detail = detail(in: world) else { return 0 }
        let size = inner(pane)
        return max(0, detail.lines(columns: size.columns, wrapped: reading.isFocused).count - size.rows)
    }

    /// Answers the keys of list and detail; nil leaves the action to the screen.
    mutating func navigate(_ action: Action, in world: World) -> [Reaction]? {
        if reading.isFocused, scroll(action, in: world) { return [] }
        if move(action, in: world) {
            reading.skipped = 0
            return []
        }
        return changeFocus(action) ?? order.handle(action, columns)
    }

    /// Moves in the detail as in a text.
    private mutating func scroll(_ action: Action, in world: World) -> Bool {
        let most = hidden(in: world)
        let page = panes(world.body.size).detail.map { inner($0).rows } ?? 1
        switch action {
        case .moveDown: reading.skipped += 1
        case .moveUp: reading.skipped -= 1
        case .pageDown: reading.skipped += page
        case .pageUp: reading.skipped -= page
        case .halfPageDown: reading.skipped += max(1, page / 2)
        case .halfPageUp: reading.skipped -= max(1, page / 2)
        case .first: reading.skipped = 0
        case .last: reading.skipped = most
        default: return false
        }
        reading.skipped = min(max(0, reading.skipped), most)
        return true
    }

    /// Draws the detail where it has room.
    func drawDetail(on canvas: inout Canvas, in world: World) {
        guard let pane = panes(canvas.size).detail, let detail = detail(in: world) else { return }
        let size = inner(pane)
        let lines = detail.lines(columns: size.columns, wrapped: reading.isFocused)
        let end = min(lines.count, reading.skipped + size.rows)
        let place = lines.count > size.rows ? "\(reading.skipped + 1)–\(end) of \(lines.count)" : ""
        let note = [detail.note, place].filter { !$0.isEmpty }.joined(separator: " · ")
        canvas.region(pane) { canvas in
            canvas.clear()
            canvas.box(detail.title, note: note, focused: reading.isFocused) { canvas in
                var shown = Array(lines.dropFirst(reading.skipped))
                // What the first line belongs to may be above the window.
                if let heading = lines.prefix(reading.skipped + 1).last(where: { !$0.0.isEmpty }), !shown.isEmpty {
                    shown[0].0 = heading.0
                }
                canvas.facts(shown)
            }
        }
    }
}
