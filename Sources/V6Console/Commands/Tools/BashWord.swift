// SPDX-License-Identifier: Apache-2.0

/// The word before the cursor on a command line of bash, perhaps quoted.
struct BashWord {
    /// The quotation mark the word began with.
    private let mark: Character?
    /// What the word means so far.
    private let meaning: String

    /// - Parameter typed: The word as it was typed.
    init(_ typed: String) {
        mark = typed.first.flatMap { "'\"".contains($0) ? $0 : nil }
        var meaning = ""
        var isEscaped = false
        for character in mark == nil ? typed[...] : typed.dropFirst() {
            if !isEscaped, character == "\\", mark != "'" {
                isEscaped = true
            } else {
                meaning.append(character)
                isEscaped = false
            }
        }
        self.meaning = meaning
    }

    /// The value as bash takes it at this place, without a mark that stands there already; nil if the word begins
    /// otherwise or cannot be gone on with.
    func completed(to value: String) -> String? {
        guard value.hasPrefix(meaning) else { return nil }
        switch mark {
        case "'": return value.contains("'") ? nil : value
        case "\"": return Self.escaping(value) { "\\$`\"!".contains($0) }
        default: return Self.escaping(value) { !($0.isLetter || $0.isNumber || "_-./@%+,:=".contains($0)) }
        }
    }

    private static func escaping(_ text: String, where isSpecial: (Character) -> Bool) -> String {
        String(text.flatMap { isSpecial($0) ? ["\\", $0] : [$0] })
    }
}
