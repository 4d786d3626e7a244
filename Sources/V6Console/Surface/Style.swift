// SPDX-License-Identifier: Apache-2.0

/// A terminal colour: the terminal's own, one of the 16 base colours, or one of the palette of 256.
struct Colour: Hashable, Sendable {
    /// -1 is the terminal's own colour.
    let index: Int

    static let standard = Colour(index: -1)
    static let black = Colour(index: 0)
    static let red = Colour(index: 1)
    static let green = Colour(index: 2)
    static let yellow = Colour(index: 3)
    static let blue = Colour(index: 4)
    static let magenta = Colour(index: 5)
    static let cyan = Colour(index: 6)
    static let white = Colour(index: 7)

    static func palette(_ index: Int) -> Colour { Colour(index: index) }

    /// The colour of a terminal with fewer of them that is nearest in hue; nil for greys, which it has none of.
    func nearest(of colours: Int) -> Colour? {
        if index < colours { return self }
        if index < 16 { return Colour(index: index % 8) }
        guard index < 232 else { return nil }
        let cube = index - 16
        let parts = [cube / 36, cube / 6 % 6, cube % 6]
        let most = parts.max() ?? 0
        if Set(parts).count == 1 { return nil }
        return Colour(index: parts.enumerated().reduce(0) { $0 + ($1.element * 2 > most ? 1 << $1.offset : 0) })
    }
}

/// How a cell looks: colours, and attributes for terminals without them.
struct Style: Hashable, Sendable {
    struct Attributes: OptionSet, Hashable, Sendable {
        let rawValue: UInt8
        static let bold = Attributes(rawValue: 1)
        static let dim = Attributes(rawValue: 2)
        static let underline = Attributes(rawValue: 4)
        static let reverse = Attributes(rawValue: 8)
    }

    var foreground: Colour = .standard
    var background: Colour = .standard
    var attributes: Attributes = []

    static let plain = Style()

    init(_ foreground: Colour = .standard, on background: Colour = .standard, _ attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The style on a terminal of so many colours: a ground it cannot show becomes reverse video, so that it still stands out.
    func fitted(to colours: Int) -> Style {
        guard colours < 256, foreground.index >= colours || background.index >= colours else { return self }
        var style = self
        if background.index >= colours {
            style.background = .standard
            style.foreground = .standard
            style.attributes.insert(.reverse)
        } else {
            style.foreground = foreground.nearest(of: colours) ?? .standard
        }
        return style
    }

    /// This style on a marked line: its own colour where the line has none, the line's background and attributes.
    func over(_ line: Style) -> Style {
        var style = self
        if line.attributes.contains(.reverse) || line.background != .standard { style = line }
        style.attributes.formUnion(line.attributes)
        style.attributes.formUnion(attributes.intersection([.bold, .underline]))
        return style
    }
}

/// What a piece of text is, from which a theme makes a style.
enum TextRole: CaseIterable, Sendable {
    case text, dim, strong, heading, border, borderFocused, title
    case selected, marked, match
    case key, disabled, link
    case good, bad, warning, running, waiting, stopped
    case header, headerAlert, profile, toast, toastError
    case field, fieldFocused
}
