// SPDX-License-Identifier: Apache-2.0

/// Fields below each other, one of them with the focus.
struct Form: Hashable, Sendable {
    var fields: [FormField]
    private(set) var focus = 0

    init(_ fields: [FormField]) {
        self.fields = fields
    }

    /// The field of that name.
    subscript(_ name: String) -> FormField {
        get { field(name) ?? FormField(label: name, content: .text(LineEditor())) }
        set { if let index = fields.firstIndex(where: { $0.name == name }) { fields[index] = newValue } }
    }

    /// The field of that name; nil where the form has none now.
    func field(_ name: String) -> FormField? { fields.first { $0.name == name } }

    /// Takes other fields and leaves the focus on the one that had it.
    mutating func replace(_ new: [FormField]) {
        let name = fields.indices.contains(focus) ? fields[focus].name : nil
        fields = new
        focus = fields.firstIndex { $0.name == name } ?? min(focus, max(0, fields.count - 1))
    }

    var focused: FormField { fields[focus] }

    /// Which field has the focus, counted from 0.
    var focusPlace: Int { focus }

    mutating func focus(on name: String) {
        if let index = fields.firstIndex(where: { $0.name == name }) { focus = index }
    }

    mutating func move(_ step: Int) {
        focus = (focus + step + fields.count) % fields.count
    }

    /// Gives a key to the field that has the focus; false leaves it to the key table.
    mutating func handle(_ key: Key) -> Bool {
        fields[focus].handle(key)
    }

    mutating func paste(_ text: String) {
        fields[focus].paste(text)
    }

    /// Draws the fields from the region's top, scrolled so that the focus shows.
    func draw(on canvas: inout Canvas, labels: Int) {
        let heights = fields.map { $0.height + ($0.hint == nil ? 0 : 1) }
        var first = 0
        while first < focus, heights[first...focus].reduce(0, +) > canvas.size.rows { first += 1 }
        var row = 0
        for index in first..<fields.count where row < canvas.size.rows {
            let field = fields[index]
            canvas.text(field.label, row: row, column: 1, columns: labels - 1, role: index == focus ? .strong : .dim)
            // A list that is too long scrolls; the word below it stays while the list is what one is at.
            let room = canvas.size.rows - row
            let isCramped = index == focus && field.hint != nil && field.height > room
            let rows = min(field.height, max(1, isCramped ? room - 1 : room))
            let place = Rect(
                row: row, column: labels + 1, rows: rows, columns: canvas.size.columns - labels - 2)
            canvas.region(place) { field.draw(on: &$0, focused: index == focus) }
            if case .checks(let items, let chosen, _) = field.content, 1 < rows, rows < items.count {
                let count = items.count { chosen.contains($0.id) }
                canvas.text("\(count) of \(items.count)", row: row + 1, column: 1, columns: labels - 1, role: .dim)
            }
            row += rows
            if let hint = field.hint {
                canvas.text(hint.text, row: row, column: labels + 1, role: hint.role)
                row += 1
            }
        }
    }
}
