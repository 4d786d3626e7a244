// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension ComposerScreen {
    static func isWide(_ size: Size) -> Bool { size.columns >= 100 }

    /// Whether there is room for more than the form and one preview.
    private static func isTall(_ size: Size) -> Bool { isWide(size) && size.rows >= 34 }

    private func panes(_ size: Size) -> (form: Rect, preview: Rect, shell: Rect?, checks: Rect?) {
        guard Self.isWide(size) else { return (Rect(size), Rect(size), nil, nil) }
        let parts = Rect(size).split(left: size.columns * 52 / 100)
        let wanted = form["Run at"].selection.count + 7
        let split = parts.rest.split(bottom: min(size.rows / 2, max(6, wanted)))
        guard Self.isTall(size), preview != .shell else { return (parts.left, split.rest, nil, split.bottom) }
        let previews = split.rest.split(bottom: 12)
        return (parts.left, previews.rest, previews.bottom, split.bottom)
    }

    /// The room for the text of the preview.
    func previewSize(in world: World) -> Size {
        let pane = panes(world.body.size).preview
        return Size(rows: max(1, pane.rows - 2), columns: max(1, pane.columns - 3))
    }

    func previewLines(_ preview: TaskPreview, in world: World) -> [String] {
        guard let task = composed() else { return [] }
        return preview.lines(
            task, server: world.identity?.server ?? "https://server", username: world.identity?.username ?? "")
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let panes = panes(canvas.size)
        guard let checks = panes.checks else { return drawNarrow(on: &canvas, in: world) }
        canvas.region(panes.form) { drawForm(on: &$0, in: world) }
        canvas.region(panes.preview) { drawPreview(preview ?? .json, on: &$0, in: world) }
        if let shell = panes.shell {
            canvas.region(shell) { canvas in
                canvas.box("Same task from a shell") { canvas in
                    for (row, line) in previewLines(.shell, in: world).enumerated() {
                        canvas.text(line, row: row, column: 1)
                    }
                }
            }
        }
        canvas.region(checks) { drawChecks(on: &$0, in: world) }
    }

    private func drawNarrow(on canvas: inout Canvas, in world: World) {
        switch preview {
        case nil:
            // The first thing to put right stands below the form, as long as there is room.
            guard canvas.size.rows >= 14 else { return drawForm(on: &canvas, in: world) }
            let first = state(in: world).first.map {
                [Span($0.text, $0.role)].wrapped(columns: canvas.size.columns - 2)
            }
            let lines = (first ?? []).prefix(3)
            let parts = canvas.bounds.split(bottom: max(1, lines.count))
            canvas.region(parts.rest) { drawForm(on: &$0, in: world) }
            canvas.region(parts.bottom) { canvas in
                for (row, line) in lines.enumerated() { canvas.line(line, row: row, column: 1) }
            }
        case .checks: drawChecks(on: &canvas, in: world)
        case .some(let preview): drawPreview(preview, on: &canvas, in: world)
        }
    }

    private func drawForm(on canvas: inout Canvas, in world: World) {
        let step = "\(form.focusPlace + 1)/\(form.fields.count)"
        canvas.box("Compose", note: step, focused: true) { canvas in
            guard Self.isTall(world.body.size) else { return form.draw(on: &canvas, labels: 15) }
            let summary = summary(in: world)
            let parts = canvas.bounds.split(bottom: summary.count + 1)
            canvas.region(parts.rest) { form.draw(on: &$0, labels: 15) }
            canvas.region(parts.bottom) { _ = $0.facts(summary, row: 1) }
        }
    }

    private func drawPreview(_ preview: TaskPreview, on canvas: inout Canvas, in world: World) {
        canvas.box("Preview: \(preview.title)", note: "f2 next · ctrl-y copies") { canvas in
            canvas.region(canvas.bounds.inset(rows: 0)) { canvas in
                var pager = previewPager
                pager.isWrapping = true
                canvas.pager(pager, lines: previewLines(preview, in: world))
            }
        }
    }

    /// What is wrong, what may surprise, what it costs, and who can read it.
    private func state(in world: World) -> [(text: String, role: TextRole)] {
        let glyphs = world.glyphs
        var lines: [(text: String, role: TextRole)] = faults(in: world).map { ("\(glyphs[.failed]) \($0.text)", .bad) }
        // Where there is room a table says what each node will make of it.
        let warnings = Self.isWide(world.body.size) ? remarks(in: world) : warnings(in: world)
        lines += warnings.map { ("! \($0)", .warning) }
        // A tall screen has it below the form.
        if !Self.isTall(world.body.size) {
            lines += summary(in: world).prefix(2).map { ("\($0.0): \($0.1.text)", $0.1.role) }
        }
        return lines
    }

    private func drawChecks(on canvas: inout Canvas, in world: World) {
        let findings = findings(in: world)
        let bad = findings.count { $0.state == .fault }
        canvas.box("Target nodes", note: bad > 0 ? "\(bad) will refuse" : "") { canvas in
            let lines = state(in: world).flatMap { line in
                [Span(line.text, line.role)].wrapped(columns: canvas.size.columns - 2)
            }
            let room = canvas.size.rows - min(lines.count, max(1, canvas.size.rows / 2))
            let parts = canvas.bounds.split(top: max(0, room))
            canvas.region(parts.top) { canvas in
                guard !findings.isEmpty else {
                    canvas.text("No organization is chosen.", row: 0, column: 1, role: .dim)
                    return
                }
                canvas.table(
                    TableContent(
                        columns: [
                            Column("ORGANIZATION", 10, upTo: 24), Column("NODE", 8, upTo: 20, priority: 2),
                            Column("CHECK", 20, upTo: 120),
                        ],
                        count: findings.count, cursor: ListCursor(), isFocused: false,
                        cells: { index in Self.cells(findings[index], in: world) }))
                // Nothing is chosen in this table.
                canvas.text(" ", row: 1, column: 0)
            }
            canvas.region(parts.rest) { canvas in
                for (row, line) in lines.enumerated() { canvas.line(line, row: row, column: 1) }
            }
        }
    }

    private static func cells(_ finding: TaskCheck.Finding, in world: World) -> [Span] {
        let sign: (Glyph, TextRole) =
            switch finding.state {
            case .ok: (.completed, .good)
            case .unknown: (.dash, .dim)
            case .waits: (.pending, .warning)
            case .fault: (.failed, .bad)
            }
        return [
            Span(world.federation.organizationName(finding.organization)), Span(finding.node, .dim),
            Span("\(world.glyphs[sign.0]) \(finding.text)", sign.1),
        ]
    }
}

extension String {
    /// Without blanks at the ends.
    var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
