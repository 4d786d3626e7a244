// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What `v6-console doctor` finds, and how the live connection is: each fault with what to do.
struct DoctorScreen: Screen {
    private var pager = TextPager()

    var place: Place { .doctor }
    var contexts: [KeyContext] { [.text, .everywhere] }
    var filter: String? { pager.query }
    func needs(in world: World) -> [Subject] { [.examination] }
    /// It asks the server eight questions: only when somebody wants it.
    func stale(in world: World) -> [Subject] { [] }

    func title(in world: World) -> String {
        let faults = world.federation.findings.count { $0.failure != nil }
        guard world.federation.hasLoaded(.examination) else { return "Doctor" }
        return faults == 0 ? "Doctor: all is well" : "Doctor: \(faults) to mend"
    }

    private func lines(in world: World) -> [String] {
        guard world.federation.hasLoaded(.examination) else { return [] }
        var lines = world.federation.findings.flatMap { finding in
            let sign = world.glyphs[finding.failure == nil ? .completed : .failed]
            let head = "\(sign) \(finding.check.padded(to: 14)) \(finding.failure?.message ?? finding.finding)"
            let advice = finding.failure?.advice ?? ""
            return advice.isEmpty ? [head] : [head, String(repeating: " ", count: 17) + advice]
        }
        let (sign, text): (Glyph, String) =
            switch world.connection {
            case .live: (.completed, "events arrive as they happen")
            case .polling(let reason): (.pending, "asks every \(Connection.pollingInterval) s: \(reason)")
            default: (.failed, "no connection: \(world.connection.label(world.glyphs))")
            }
        lines.append("\(world.glyphs[sign]) \("live".padded(to: 14)) \(text)")
        let errors = world.journal.entries.filter { $0.notice.kind == .bad }.suffix(3)
        if !errors.isEmpty { lines += ["", "last errors (:messages has all)"] }
        lines += errors.map { "  \(world.clock($0.at))  \(SafeText.line($0.notice.text))" }
        return lines + ["", "ctrl-r looks again. The same, for scripts: v6-console doctor"]
    }

    mutating func setFilter(_ text: String, in world: World) {
        pager.search(text, lines: lines(in: world), size: world.body.size)
    }

    func export(in world: World) -> Export? {
        world.federation.hasLoaded(.examination) ? Export("doctor", lines: lines(in: world)) : nil
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        if action == .copy {
            return [.run(.copy(lines(in: world).joined(separator: "\n"))), .say(.good("Copied the findings"))]
        }
        _ = pager.handle(action, lines: lines(in: world), size: world.body.size)
        return []
    }

    func draw(on canvas: inout Canvas, in world: World) {
        canvas.region(Rect(row: 0, column: 1, rows: canvas.size.rows, columns: canvas.size.columns - 2)) { canvas in
            let lines = lines(in: world)
            if canvas.placeholder(for: .examination, isEmpty: lines.isEmpty, empty: "", in: world) { return }
            canvas.pager(pager, lines: lines) { line in
                if line.hasPrefix(world.glyphs[.failed]) { return .bad }
                if line.hasPrefix(world.glyphs[.pending]) { return .warning }
                return line.hasPrefix(world.glyphs[.completed]) ? .text : .dim
            }
        }
    }
}
