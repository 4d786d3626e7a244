// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What a screen asks of the program around it.
enum Reaction: Sendable {
    case open(Place)
    /// Leaves this screen for another.
    case replace(Place)
    case back
    case say(Notice)
    case ask(Dialog)
    /// Offers a list to choose from; the choice comes back to the screen.
    case pick(Palette)
    case run(Effect)
    case watch(task: Int)
}

/// A line that takes the place of the footer for a while.
struct Notice: Hashable, Sendable {
    enum Kind: Hashable, Sendable { case good, bad }

    /// How long a good one stays, seconds; a bad one stays until a key is pressed.
    static let stay = 6.0

    var text: String
    var kind: Kind

    static func good(_ text: String) -> Notice { Notice(text: text, kind: .good) }
    static func bad(_ text: String) -> Notice { Notice(text: text, kind: .bad) }
}
