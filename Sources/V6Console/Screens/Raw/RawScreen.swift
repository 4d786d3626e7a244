// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// A task with its runs as JSON, in the server's names.
struct RawScreen: Screen {
    let task: Int
    private var pager = TextPager()

    init(task: Int) {
        self.task = task
    }

    var place: Place { .raw(task: task) }
    var contexts: [KeyContext] { [.text, .everywhere] }
    var filter: String? { pager.query }
    func title(in world: World) -> String { "JSON of task \(task)" }
    func needs(in world: World) -> [Subject] { [.task(task), .runs(task: task)] }

    private func lines(in world: World) -> [String] {
        guard let known = world.federation.tasks[task] else { return [] }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            var text = String(decoding: try encoder.encode(known), as: UTF8.self)
            for run in world.federation.runs[task] ?? [] {
                text += "\n" + String(decoding: try encoder.encode(run), as: UTF8.self)
            }
            return text.split(separator: "\n").map(String.init)
        } catch {
            return ["The task cannot be written as JSON: \(error)"]
        }
    }

    mutating func setFilter(_ text: String, in world: World) {
        pager.search(text, lines: lines(in: world), size: world.body.size)
    }

    mutating func perform(_ action: Action, in world: World) -> [Reaction] {
        let lines = lines(in: world)
        switch action {
        case .copy: return [.run(.copy(lines.joined(separator: "\n"))), .say(.good("Copied the JSON"))]
        case .save: return [.run(.save(text: lines.joined(separator: "\n") + "\n", path: "task-\(task).json"))]
        default: _ = pager.handle(action, lines: lines, size: world.body.size)
        }
        return []
    }

    func draw(on canvas: inout Canvas, in world: World) {
        let lines = lines(in: world)
        if canvas.placeholder(for: .task(task), isEmpty: lines.isEmpty, empty: "There is no task \(task).", in: world) {
            return
        }
        canvas.pager(pager, lines: lines)
    }
}
