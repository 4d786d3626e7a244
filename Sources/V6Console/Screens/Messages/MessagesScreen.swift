// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What the program said since it began: what was done, and what went wrong, with the request behind it.
struct MessagesScreen: Screen {
    private var pager = TextPager(following: true)

    init() { pager.isWrapping = true }

    var place: Place { .messages }
    var contexts: [KeyContext] { [.text, .everywhere] }
    var filter: String? { pager.query }

    func title(in world: World) -> String {
        let faults = world.journal.entries.count { $0.notice.kind == .bad }
        return faults == 0 ? "Messages" : faults == 1 ? "Messages: 1 error" : "Messages: \(faults) errors"
    }

    func note(in world: World) -> [Span] {
        world.journal.entries.isEmpty ? [] : [Span("follow \(pager.isFollowing ? "on" : "off")", .dim)]
    }

    func grows(in world: World) -> Bool { true }

    private func lines(in world: World) -> [String] {
        world.journal.entries.flatMap { entry in
            let sign = world.glyphs[entry.notice.kind == .bad ? .failed : .completed]
            let clock = world.clock(entry.at)
            let head = "\(sign) \(clock)  \(SafeText.line(entry.notice.text))"
            let indent = String(repeating: " ", count: TextWidth.of(clock) + 4)
            return [head] + [entry.notice.more].compactMap { $0.map { indent + SafeText.line($0) } }
        }
    }

    mutating func setFilter(_ text: String, in world: World) {
        pager.search(text, lines: lines(in: world), size: world.body.size)
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        let lines = lines(in: world)
        switch action {
        case .copy: return [.run(.copy(lines.joined(separator: "\n"))), .say(.good("Copied \(lines.count) lines"))]
        default:
            _ = pager.handle(action, lines: lines, size: world.body.size)
            return []
        }
    }

    func export(in world: World) -> Export? {
        world.journal.entries.isEmpty ? nil : Export("messages", lines: lines(in: world))
    }

    func refusal(of action: Action, in world: World) -> String? {
        action == .copy && world.journal.entries.isEmpty ? "nothing was said yet" : nil
    }

    func draw(on canvas: inout Canvas, in world: World) {
        canvas.region(Rect(row: 0, column: 1, rows: canvas.size.rows, columns: canvas.size.columns - 2)) { canvas in
            if world.journal.entries.isEmpty {
                canvas.paragraphs([("Nothing was said yet. Errors come here too, and into console.log.", .dim)])
                return
            }
            canvas.pager(pager, lines: lines(in: world)) { line in
                if line.hasPrefix(world.glyphs[.failed]) { return .bad }
                return line.hasPrefix(world.glyphs[.completed]) ? .text : .dim
            }
        }
    }
}
