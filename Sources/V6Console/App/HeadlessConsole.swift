// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The full screen without a terminal: keys go in, a surface comes out, and every effect is awaited before the next key.
struct HeadlessConsole {
    private(set) var app: App
    private(set) var isOver = false
    /// The question to a server whose address is typed, until something else is.
    private var probe: Effect?
    private let runner: EffectRunner
    private let now: @Sendable () -> Timestamp

    /// How many effects may follow from one key: a program that asks for ever must not hang a script.
    private static let patience = 2_000

    init(app: App, runner: EffectRunner, now: @escaping @Sendable () -> Timestamp) {
        self.app = app
        self.runner = runner
        self.now = now
    }

    /// Loads what the first view shows.
    mutating func start() async { await carryOut(app.start(at: now())) }

    /// Presses a key, and waits for all that comes of it.
    mutating func press(_ key: Key) async {
        guard !isOver else { return }
        let effects = app.update(.key(key), at: now())
        let asks = effects.contains { if case .probe = $0 { true } else { false } }
        if !asks { await rest() }
        await carryOut(effects)
    }

    /// Asks the server whose address was typed, as the screen does when nothing more is typed for a moment.
    mutating func rest() async {
        guard let probe else { return }
        self.probe = nil
        await carryOut(app.update(.finished(probe, await runner.outcome(of: probe)), at: now()))
    }

    /// Goes to a view as its command does.
    mutating func execute(_ command: String) async {
        await carryOut(app.execute(command))
        await carryOut(app.update(.tick, at: now()))
    }

    private mutating func carryOut(_ effects: [Effect]) async {
        var queue = effects
        var done = 0
        while !queue.isEmpty, done < Self.patience {
            done += 1
            let effect = queue.removeFirst()
            switch effect {
            case .quit: isOver = true
            case .loadLater(let subject, _):
                queue += app.update(
                    .finished(.load(subject), await runner.outcome(of: .load(subject))), at: now())
            case .connect, .bell, .notify, .repaint, .suspend, .useMouse, .allowWriting, .copy, .edit, .shell, .browse,
                .rememberBookmarks, .keepDraft, .writeDrafts, .abandon:
                continue
            case .probe: probe = effect
            default: queue += app.update(.finished(effect, await runner.outcome(of: effect)), at: now())
            }
        }
    }
}

/// Keys as a file gives them to the screen.
///
/// A line that begins with `:` or `/` is typed and entered; a text in double quotes is typed; anything else is the names
/// of keys as `keys.yaml` has them, with blanks between. `#` begins a comment.
enum KeyScript {
    static func parse(_ text: String) throws -> [Key] {
        var keys: [Key] = []
        for (number, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = String(raw).trimmed
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.count > 1, line.hasPrefix(":") || line.hasPrefix("/") {
                keys += line.map { Key.character($0) } + [.enter]
                continue
            }
            if line.count > 1, line.hasPrefix("\""), line.hasSuffix("\"") {
                keys += line.dropFirst().dropLast().map { Key.character($0) }
                continue
            }
            for word in line.split(separator: " ") {
                guard let key = Key(name: String(word)) else {
                    throw ConsoleFailure(
                        .usage, "Line \(number + 1) of the script: \(word) is no key.",
                        advice: "Keys are named as in docs/keys.md; a text to type stands in double quotes.")
                }
                keys.append(key)
            }
        }
        return keys
    }
}
