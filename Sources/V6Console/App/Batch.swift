// SPDX-License-Identifier: Apache-2.0

/// Several changes that a person agreed to at once.
///
/// They are made one after another, so that one can stop between two.
struct Batch: Sendable {
    /// The question that was agreed to, without its question mark.
    let title: String
    let total: Int
    private(set) var current: Effect
    private var waiting: ArraySlice<Effect>
    private(set) var isStopped = false
    private(set) var succeeded: [Effect] = []
    private(set) var failures: [(effect: Effect, fault: Fault)] = []
    /// Keys that show this once, with what each belongs to.
    private(set) var secrets: [(title: String, text: String)] = []

    /// Nil where there are not several.
    init?(_ title: String, _ effects: [Effect]) {
        guard let first = effects.first, effects.count > 1 else { return nil }
        self.title = title.hasSuffix("?") ? String(title.dropLast()) : title
        total = effects.count
        current = first
        waiting = effects.dropFirst()
    }

    /// How many are through.
    var done: Int { succeeded.count + failures.count }

    /// Begins none of those that wait.
    mutating func stop() {
        isStopped = isStopped || !waiting.isEmpty
        waiting = []
    }

    /// Notes how the current one ended; returns the next, or nil at the end.
    mutating func advance(_ outcome: Message.Outcome) -> Effect? {
        switch outcome {
        case .failed(let fault):
            failures.append((current, fault))
            // Without server or session the others would fail the same way.
            if [.unreachable, .unauthenticated].contains(fault.kind) { stop() }
        case .secret(let title, let text, _):
            secrets.append((title, text))
            succeeded.append(current)
        default: succeeded.append(current)
        }
        guard let next = waiting.popFirst() else { return nil }
        current = next
        return next
    }

    /// How many worked, which failed and why, and how many were not begun.
    var notice: Notice {
        let left = total - done
        var parts: [String] = []
        if failures.isEmpty, left == 0 {
            parts.append("all \(total) done")
        } else {
            parts.append("\(succeeded.count) of \(total) done")
            if !failures.isEmpty { parts.append("\(failures.count) failed") }
            if left > 0 { parts.append("\(left) not begun") }
        }
        let reasons = failures.map {
            "\($0.effect.title): \([$0.fault.message, $0.fault.rule].compactMap(\.self).joined(separator: " "))"
        }
        return Notice(
            text: "\(title): \(parts.joined(separator: ", "))", kind: failures.isEmpty && left == 0 ? .good : .bad,
            more: reasons.isEmpty ? nil : reasons.joined(separator: "\n"))
    }
}
