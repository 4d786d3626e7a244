// SPDX-License-Identifier: Apache-2.0

import CNcurses

extension Key {
    /// The key of a function key code of the C side.
    init?(curses code: Int32) {
        switch Int(code) {
        case Int(V6_KEY_UP): self = .up
        case Int(V6_KEY_DOWN): self = .down
        case Int(V6_KEY_LEFT): self = .left
        case Int(V6_KEY_RIGHT): self = .right
        case Int(V6_KEY_HOME): self = .home
        case Int(V6_KEY_END): self = .end
        case Int(V6_KEY_PAGE_UP): self = .pageUp
        case Int(V6_KEY_PAGE_DOWN): self = .pageDown
        case Int(V6_KEY_BACKSPACE): self = .backspace
        case Int(V6_KEY_DELETE): self = .delete
        case Int(V6_KEY_ENTER): self = .enter
        case Int(V6_KEY_BACK_TAB): self = .backTab
        case Int(V6_KEY_FUNCTION) + 1...Int(V6_KEY_FUNCTION) + 24: self = .function(Int(code) - Int(V6_KEY_FUNCTION))
        default: return nil
        }
    }

    /// The key of a character as a terminal in raw mode sends it.
    init?(input scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x09: self = .tab
        case 0x0A, 0x0D: self = .enter
        case 0x1B: self = .escape
        case 0x08, 0x7F: self = .backspace
        case 0x00: self = .control(" ")
        case 0x01...0x1A:
            guard let letter = Unicode.Scalar(scalar.value + 0x60) else { return nil }
            self = .control(Character(letter))
        case 0x1C: self = .control("\\")
        case 0x1D: self = .control("]")
        case 0x1E: self = .control("^")
        case 0x1F: self = .control("_")
        default: self = .character(Character(scalar))
        }
    }
}
