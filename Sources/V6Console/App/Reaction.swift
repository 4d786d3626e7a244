// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What a screen asks of the program around it.
enum Reaction: Sendable {
    case open(Place)
    /// Shows a place, and does something there.
    case enter(Place, Action)
    /// Leaves this screen for another.
    case replace(Place)
    case back
    /// Leaves this screen and does in the one below what was chosen.
    case leave(for: Palette.Entry.Target)
    case say(Notice)
    case ask(Dialog)
    /// Offers a list to choose from; the choice comes back to the screen.
    case pick(Palette)
    case run(Effect)
    /// Does what an entry of the palette would do.
    case choose(Palette.Entry.Target)
    case watch(task: Int)
}

extension [Reaction] {
    /// Copies texts, a line each, and says so.
    static func copying(_ texts: [String]) -> [Reaction] {
        guard let first = texts.first else { return [] }
        let what = texts.count == 1 ? first : "\(texts.count) lines"
        return [.run(.copy(texts.joined(separator: "\n"))), .say(.good("Copied \(what)"))]
    }
}

/// A line that takes the place of the footer for a while.
struct Notice: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case good, bad }

    /// How long a good one stays, seconds; a bad one stays until a key is pressed.
    static let stay = 6.0

    var text: String
    var kind: Kind
    /// What else there is to know of it.
    var more: String? = nil
    /// Whether it only says that a key does nothing here: that is worth no line in a log.
    var isRefusal = false

    static func good(_ text: String) -> Notice { Notice(text: text, kind: .good) }
    static func bad(_ text: String) -> Notice { Notice(text: text, kind: .bad) }
    static func refusal(_ text: String) -> Notice { Notice(text: text, kind: .bad, isRefusal: true) }
    static func bad(_ fault: Fault) -> Notice {
        Notice(text: "\(fault.message) \(fault.advice)", kind: .bad, more: fault.origin)
    }

    /// Whether a line of so many columns does not say all.
    func exceeds(columns: Int) -> Bool { more != nil || TextWidth.of(text) + 4 > columns }

    /// All of it, to read.
    func dialog(columns: Int) -> Dialog {
        let room = min(90, max(20, columns - 8))
        var lines = Canvas.wrap(text, columns: room).map { [Span($0)] }
        if let more {
            let told = more.split(separator: "\n").flatMap { Canvas.wrap(String($0), columns: room) }
            lines += [[Span("")]] + told.map { [Span($0, .dim)] }
        }
        let copy = ([text] + [more].compactMap(\.self)).joined(separator: "\n")
        return Dialog("What went wrong", lines: lines, consent: .reading(copying: copy))
    }
}
