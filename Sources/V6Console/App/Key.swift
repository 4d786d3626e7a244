// SPDX-License-Identifier: Apache-2.0

/// A key as the person pressed it.
enum Key: Hashable, Sendable {
    case character(Character)
    case control(Character)
    case enter, tab, backTab, escape, backspace, delete
    case up, down, left, right, home, end, pageUp, pageDown
    case function(Int)

    /// The name that help, documentation and `keys.yaml` use.
    var name: String {
        switch self {
        case .character(" "): "space"
        case .character(let character): String(character)
        case .control(" "): "ctrl-space"
        case .control(let character): "ctrl-\(character)"
        case .enter: "enter"
        case .tab: "tab"
        case .backTab: "shift-tab"
        case .escape: "esc"
        case .backspace: "backspace"
        case .delete: "delete"
        case .up: "↑"
        case .down: "↓"
        case .left: "←"
        case .right: "→"
        case .home: "home"
        case .end: "end"
        case .pageUp: "pgup"
        case .pageDown: "pgdn"
        case .function(let number): "f\(number)"
        }
    }

    /// Reads a name; nil if there is no such key.
    init?(name: String) {
        let named: [Key] = [
            .character(" "), .enter, .tab, .backTab, .escape, .backspace, .delete, .home, .end, .pageUp, .pageDown,
            .up, .down, .left, .right,
        ]
        if let key = named.first(where: { $0.name == name }) {
            self = key
        } else if let key = ["up": Key.up, "down": .down, "left": .left, "right": .right][name] {
            self = key
        } else if name.hasPrefix("ctrl-"), let last = name.last, name.count == 6 {
            self = .control(last)
        } else if name.hasPrefix("f"), let number = Int(name.dropFirst()), (1...24).contains(number) {
            self = .function(number)
        } else if name.count == 1, let character = name.first {
            self = .character(character)
        } else {
            return nil
        }
    }
}

/// What the mouse did, where the person asked for it.
enum Mouse: Hashable, Sendable {
    case click(Point)
    case wheel(up: Bool)
}
