// SPDX-License-Identifier: Apache-2.0

/// One place on the screen: what is drawn there, and the columns it takes (1 or 2).
struct TextPiece: Hashable, Sendable {
    let character: Character
    let width: Int
}

/// The one gate through which text from outside reaches a terminal: a lazy sequence of pieces that are safe to draw.
///
/// Names, logs and results come from other organizations' programs. Here control codes, escape sequences, bidirectional
/// overrides, invisible characters and piles of marks lose their power:
///
/// * a colour sequence (`ESC [ … m`), which logs are full of, vanishes; every other escape or control code becomes a
///   visible sign and the text behind it stays text;
/// * a tab becomes blanks up to the next multiple of eight;
/// * direction overrides and zero-width characters become a visible sign, so that two names that look equal are equal;
/// * variation selectors, skin tones and the joiners of emoji vanish: terminals disagree about their width;
/// * a base keeps at most four marks, and a mark without a base becomes a sign.
struct SafeText: Sequence, Sendable {
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    func makeIterator() -> Iterator { Iterator(text) }

    /// The safe text as a string, for scripted output to a terminal.
    static func line(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        var line = ""
        for piece in SafeText(text) { line.append(piece.character) }
        return line
    }

    /// The text for the clipboard: line ends and tabs stay, what a terminal or shell would obey where it is pasted, or
    /// what nobody would see there, becomes a sign.
    static func clipboard(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar == "\n" || scalar == "\t": result.append(scalar)
            // The joiner of emoji shows by what it joins.
            case .format where scalar.value == 0x200D: result.append(scalar)
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    struct Iterator: IteratorProtocol {
        static let sign = TextPiece(character: "\u{FFFD}", width: 1)
        private static let blank = TextPiece(character: " ", width: 1)
        private static let maximumMarks = 4

        private var scalars: String.UnicodeScalarView.Iterator
        private var next1: Unicode.Scalar?
        private var column = 0
        private var pendingBlanks = 0
        private var afterEmoji = false

        init(_ text: String) {
            scalars = text.unicodeScalars.makeIterator()
            next1 = scalars.next()
        }

        mutating func next() -> TextPiece? {
            if pendingBlanks > 0 {
                pendingBlanks -= 1
                return place(Self.blank)
            }
            while let scalar = take() {
                if let piece = piece(for: scalar) { return place(piece) }
            }
            return nil
        }

        private mutating func piece(for scalar: Unicode.Scalar) -> TextPiece? {
            let value = scalar.value
            if (0x20..<0x7F).contains(value) {
                afterEmoji = false
                return withMarks(scalar, width: 1)
            }
            switch value {
            case 0x09:
                pendingBlanks = 7 - column % 8
                return Self.blank
            case 0x1B:
                return skipColourSequence() ? nil : Self.sign
            case 0xFE00...0xFE0F, 0xE0100...0xE01EF:
                return nil
            case 0x200D where afterEmoji, 0x1F3FB...0x1F3FF where afterEmoji:
                return nil
            case 0x1F1E6...0x1F1FF:
                guard let letter = Unicode.Scalar(value - 0x1F1E6 + 0x41) else { return Self.sign }
                return TextPiece(character: Character(letter), width: 1)
            default:
                guard let width = TextWidth.of(scalar), width > 0 else {
                    afterEmoji = false
                    return Self.sign
                }
                afterEmoji = width == 2 && value >= 0x2300 && scalar.properties.isEmoji
                return withMarks(scalar, width: width)
            }
        }

        private mutating func withMarks(_ base: Unicode.Scalar, width: Int) -> TextPiece {
            guard let follower = next1, follower.value >= 0x300, TextWidth.of(follower) == 0, !isSelector(follower)
            else {
                return TextPiece(character: Character(base), width: width)
            }
            var cluster = String.UnicodeScalarView()
            cluster.append(base)
            var marks = 0
            while let mark = next1, TextWidth.of(mark) == 0, !isSelector(mark) {
                if marks < Self.maximumMarks { cluster.append(mark) }
                marks += 1
                _ = take()
            }
            return TextPiece(character: Character(String(cluster)), width: width)
        }

        private func isSelector(_ scalar: Unicode.Scalar) -> Bool {
            (0xFE00...0xFE0F).contains(scalar.value) || (0xE0100...0xE01EF).contains(scalar.value)
                || scalar.value == 0x34F
        }

        /// Takes `[`, digits with `;` or `:`, and `m`, if that is what follows.
        private mutating func skipColourSequence() -> Bool {
            let ahead = (scalars, next1)
            guard take()?.value == 0x5B else {
                (scalars, next1) = ahead
                return false
            }
            for _ in 0..<32 {
                guard let scalar = take() else { break }
                if scalar.value == 0x6D { return true }
                guard (0x30...0x3B).contains(scalar.value) else { break }
            }
            (scalars, next1) = ahead
            return false
        }

        private mutating func take() -> Unicode.Scalar? {
            let scalar = next1
            if scalar != nil { next1 = scalars.next() }
            return scalar
        }

        private mutating func place(_ piece: TextPiece) -> TextPiece {
            column += piece.width
            return piece
        }
    }
}
