// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Turns bytes into text piece by piece, without tearing a character that the pieces split.
///
/// Bytes that are no UTF-8 become U+FFFD, and NUL too, which databases refuse.
struct TextDecoder: Sendable {
    private var pending = Data()

    /// The text that is complete so far.
    mutating func feed(_ piece: Data) -> String {
        pending.append(piece)
        let complete = pending.count - Self.incompleteTail(pending)
        let text = Self.text(pending.prefix(complete))
        pending = Data(pending.dropFirst(complete))
        return text
    }

    /// What is left at the end.
    mutating func finish() -> String {
        defer { pending = Data() }
        return Self.text(pending)
    }

    private static func text(_ bytes: Data) -> String {
        String(decoding: bytes, as: UTF8.self).replacing("\0", with: "\u{FFFD}")
    }

    /// The number of bytes at the end that begin a character and do not end it.
    private static func incompleteTail(_ bytes: Data) -> Int {
        for (distance, byte) in bytes.reversed().prefix(4).enumerated() {
            let length =
                switch byte {
                case 0xF0...0xF7: 4
                case 0xE0...0xEF: 3
                case 0xC0...0xDF: 2
                case 0x80...0xBF: 0
                default: 1
                }
            if length > 0 { return length > distance + 1 ? distance + 1 : 0 }
        }
        return 0
    }
}
