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

    /// The rows that all fields take, with the words below them.
    func rows(labels: Int, columns: Int) -> Int {
        zip(fields, hints(labels: labels, columns: columns)).reduce(0) { $0 + $1.0.height + $1.1.count }
    }

    /// The words below each field.
    private func hints(labels: Int, columns: Int) -> [[[Span]]] {
        fields.map { field in field.hint.map { [$0].wrapped(columns: columns - labels - 1) } ?? [] }
    }

    /// Draws the fields from the region's top, scrolled so that the focus shows.
    func draw(on canvas: inout Canvas, labels: Int) {
        let hints = hints(labels: labels, columns: canvas.size.columns)
        let heights = zip(fields, hints).map { $0.height + $1.count }
        var first = 0
        while first < focus, heights[first...focus].reduce(0, +) > canvas.size.rows { first += 1 }
        var row = 0
        for index in first..<fields.count where row < canvas.size.rows {
            let field = fields[index]
            canvas.text(field.label, row: row, column: 1, columns: labels - 1, role: index == focus ? .strong : .dim)
            // A list that is too long scrolls; the word below it stays while the list is what one is at.
            let room = canvas.size.rows - row
            let isCramped = index == focus && field.height > room
            let rows = min(field.height, max(1, isCramped ? room - hints[index].count : room))
            let place = Rect(
                row: row, column: labels + 1, rows: rows, columns: canvas.size.columns - labels - 2)
            canvas.region(place) { field.draw(on: &$0, focused: index == focus) }
            if case .checks(let items, let chosen, _) = field.content, 1 < rows, rows < items.count {
                let count = items.count { chosen.contains($0.id) }
                canvas.text("\(count) of \(items.count)", row: row + 1, column: 1, columns: labels - 1, role: .dim)
            }
            row += rows
            for line in hints[index] {
                canvas.line(line, row: row, column: labels + 1)
                row += 1
            }
        }
    }
}
