// SPDX-License-Identifier: Apache-2.0

import CNcurses
import Testing

@testable import V6Console

/// What other people's text may do to the screen: nothing.
@Suite struct SafeTextTests {
    static let corpus: [String] = [
        "\u{1B}[2J\u{1B}[H", "\u{1B}]0;title\u{07}", "\u{1B}]52;c;aGFoYQ==\u{07}", "\u{1B}P1$r0m\u{1B}\\", "\u{9B}31m",
        "\u{9D}0;x\u{9C}", "a\rb", "a\u{08}b", "a\u{7F}b", "\u{202E}gnp.exe", "a\u{2066}b\u{2069}c", "ad\u{200B}min",
        "x\u{200D}y", "a\u{FEFF}b", "\u{E0041}tag", "a\u{034F}b", "\u{2028}line", "nul\u{0}nul", "bell\u{7}",
        "zal" + String(repeating: "\u{0336}", count: 500) + "go", "\u{0301}lonely", "e\u{0301}", "日本語", "👩‍🔬", "🇳🇱", "⚠️",
        "👍🏽", "\u{1FAE8}", "\u{E000}", "soft\u{AD}hyphen", "\u{1B}", "\u{1B}[", "\u{1B}[31", "\u{1B}(0qqq", "\u{1B}c",
        "\u{0600}number", "\u{180E}", "\u{FFF9}a\u{FFFA}b\u{FFFB}", "\u{3164}", "ﷺ",
    ]

    @Test(arguments: corpus) func nothingPasses(_ text: String) {
        for piece in SafeText(text) {
            for scalar in piece.character.unicodeScalars {
                #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
                let category = scalar.properties.generalCategory
                #expect(![.control, .format, .lineSeparator, .paragraphSeparator, .unassigned].contains(category))
            }
            #expect(piece.character.unicodeScalars.count <= 5, "a cell of ncurses holds a base and four marks")
            #expect(piece.width == 1 || piece.width == 2)
        }
    }

    /// A row stays a row: whatever is written into it, its neighbours and its own end stay in their columns.
    @Test(arguments: corpus) func rowsStayInPlace(_ text: String) {
        var surface = Surface(size: Size(rows: 3, columns: 30))
        surface.put(String(repeating: "#", count: 30), row: 0, column: 0, columns: 30, style: .plain)
        surface.put(text, row: 1, column: 0, columns: 20, style: .plain)
        surface.put("|", row: 1, column: 25, columns: 1, style: .plain)
        #expect(surface.row(1).reduce(0) { $0 + $1.width } == 30)
        #expect(surface[1, 25].character == "|")
        #expect(surface.row(0).allSatisfy { $0.character == "#" })
        #expect(surface.row(2).allSatisfy { $0.character == " " })
    }

    @Test func whatIsKeptAndWhatIsNot() {
        #expect(SafeText.line("\u{1B}[31mERROR\u{1B}[0m done") == "ERROR done")
        #expect(SafeText.line("\u{1B}]0;x\u{07}") == "\u{FFFD}]0;x\u{FFFD}")
        #expect(SafeText.line("ad\u{200B}min") == "ad\u{FFFD}min")
        #expect(SafeText.line("a\tb") == "a       b")
        #expect(SafeText.line("🇳🇱") == "NL")
        #expect(SafeText.line("👩‍🔬") == "👩🔬")
        #expect(SafeText.line("👍🏽") == "👍")
        #expect(SafeText.line("⚠️") == "⚠")
        #expect(SafeText.line("e\u{0301}") == "e\u{0301}")
        #expect(SafeText.line("é 日本") == "é 日本")
    }

    @Test func clipboardHoldsNothingThatATerminalOrShellWouldObey() {
        let text = "a\tb\n\u{1B}[201~rm -rf /\r\u{9B}31m\u{202E}evil\u{200B}\u{2028}👩\u{200D}🔬"
        let safe = SafeText.clipboard(text)
        #expect(safe == "a\tb\n�[201~rm -rf /��31m�evil��👩\u{200D}🔬")
    }

    @Test func shellCommandSpellsOutWhatIsHidden() {
        var draft = TaskDraft()
        draft.name = "a\nb\u{1B}[201~'c\\"
        draft.image = "i"
        let command = TaskActions.shellCommand(draft)
        #expect(command.contains(#"--name $'a\U0000000ab\U0000001b[201~\'c\\'"#))
        #expect(!command.contains("\n") && !command.contains("\u{1B}"))
        draft.name = "plain's"
        #expect(TaskActions.shellCommand(draft).contains(#"--name 'plain'\''s'"#))
    }

    @Test func aMegabyteCostsNoMoreThanARow() {
        let long = String(repeating: "x", count: 1_000_000)
        var surface = Surface(size: Size(rows: 1, columns: 80))
        let time = ContinuousClock().measure {
            for _ in 0..<100 { surface.put(long, row: 0, column: 0, columns: 80, style: .plain) }
        }
        #expect(surface.row(0).allSatisfy { $0.character == "x" })
        #expect(time < .seconds(5), "each write looks at the columns it fills, not at the whole text")
    }
}

/// Widths agree with the C library that ncurses asks.
@Suite struct TextWidthTests {
    @Test func widthsAreThoseOfTheLibrary() {
        _ = v6_use_locale()
        var wrong: [String] = []
        for value in 0x20...0x1FFFF {
            guard let scalar = Unicode.Scalar(UInt32(value)), let own = TextWidth.of(scalar), own > 0 else { continue }
            let library = Int(v6_width(Int32(value)))
            // What the library gives no column is replaced by the terminal; what it shows must agree.
            if library > 0, library != own { wrong.append("U+\(String(value, radix: 16)) \(own) \(library)") }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(20))")
    }

    @Test(arguments: [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("", 0), ("a\tb", 9), ("●✓✗■⊘", 5), ("█▁…›│", 5)])
    func textWidths(_ text: String, _ width: Int) {
        #expect(TextWidth.of(text) == width)
    }
}
