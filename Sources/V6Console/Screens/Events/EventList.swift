// SPDX-License-Identifier: Apache-2.0

/// Events as lines, newest first.
enum EventList {
    static func draw(
        _ events: [EventRecord], cursor: ListCursor, isFocused: Bool, on canvas: inout Canvas, in world: World
    ) {
        let height = canvas.size.rows
        let top = cursor.top(count: events.count, height: height)
        for row in 0..<max(0, min(height, events.count - top)) {
            let event = events[events.count - 1 - top - row]
            let role: TextRole = event.kind == .good ? .good : event.kind == .bad ? .bad : .text
            canvas.line([Span(" \(world.clock(event.at))  ", .dim), Span(event.text, role)], row: row)
            if isFocused, top + row == cursor.index { canvas.highlight(row: row) }
        }
    }
}
