// SPDX-License-Identifier: Apache-2.0

/// A named set of styles, one for each role.
struct Theme: Sendable {
    let name: String
    private let styles: [TextRole: Style]

    init(name: String, base: Theme? = nil, _ styles: [TextRole: Style]) {
        self.name = name
        self.styles = (base?.styles ?? [:]).merging(styles) { _, new in new }
    }

    func style(_ role: TextRole) -> Style { styles[role] ?? .plain }

    static let all: [Theme] = [standard, extended, light, blueOrange, redTeal, contrast, monochrome]

    static func named(_ name: String) -> Theme? { all.first { $0.name == name } }

    /// The 16 base colours on the terminal's own background.
    ///
    /// No blue text: many terminals make it unreadable.
    static let standard = Theme(
        name: "default",
        [
            .dim: Style(.standard, .dim), .strong: Style(.standard, .bold), .heading: Style(.cyan, .bold),
            .border: Style(.standard, .dim), .borderFocused: Style(.cyan), .title: Style(.standard, .bold),
            .selected: Style(.standard, .reverse), .marked: Style(.magenta, .bold),
            .match: Style(.black, on: .yellow), .key: Style(.cyan, .bold), .disabled: Style(.standard, .dim),
            .link: Style(.cyan, .underline), .good: Style(.green), .bad: Style(.red, .bold),
            .warning: Style(.yellow), .running: Style(.cyan), .waiting: Style(.standard, .dim),
            .stopped: Style(.magenta), .header: Style(.standard, .bold), .profile: Style(.standard, .bold),
            .headerAlert: Style(.yellow, .bold),
            .toast: Style(.black, on: .cyan), .toastError: Style(.white, on: .red, .bold),
            .field: Style(.standard, .underline), .fieldFocused: Style(.standard, .reverse),
        ])

    /// The palette of 256 colours.
    static let extended = Theme(
        name: "256", base: standard,
        [
            .heading: Style(.palette(81), .bold), .border: Style(.palette(240)), .borderFocused: Style(.palette(81)),
            .dim: Style(.palette(246)), .disabled: Style(.palette(242)), .waiting: Style(.palette(246)),
            .selected: Style(.palette(231), on: .palette(24)), .key: Style(.palette(81), .bold),
            .good: Style(.palette(114)), .bad: Style(.palette(203), .bold), .warning: Style(.palette(221)),
            .running: Style(.palette(81)), .stopped: Style(.palette(176)),
            .field: Style(.palette(252), on: .palette(236)),
            .fieldFocused: Style(.palette(231), on: .palette(24)),
        ])

    /// For terminals with a bright background.
    static let light = Theme(
        name: "light", base: standard,
        [
            .heading: Style(.palette(25), .bold), .borderFocused: Style(.palette(25)), .border: Style(.palette(248)),
            .dim: Style(.palette(242)), .disabled: Style(.palette(246)), .waiting: Style(.palette(242)),
            .key: Style(.palette(25), .bold), .link: Style(.palette(25), .underline), .running: Style(.palette(25)),
            .good: Style(.palette(28)), .bad: Style(.palette(160), .bold), .warning: Style(.palette(130)),
            .stopped: Style(.palette(90)), .marked: Style(.palette(90), .bold),
            .headerAlert: Style(.palette(130), .bold), .toast: Style(.palette(231), on: .palette(25)),
            .toastError: Style(.palette(231), on: .palette(160), .bold),
        ])

    /// Blue and orange instead of green and red: for deuteranopia and protanopia.
    static let blueOrange = Theme(
        name: "blue-orange", base: extended,
        [
            .good: Style(.palette(75)), .bad: Style(.palette(208), .bold), .warning: Style(.palette(229)),
            .running: Style(.palette(159)), .stopped: Style(.palette(250)),
            .toastError: Style(.palette(16), on: .palette(208), .bold),
        ])

    /// Red and teal instead of yellow and blue: for tritanopia.
    static let redTeal = Theme(
        name: "red-teal", base: extended,
        [
            .good: Style(.palette(37)), .bad: Style(.palette(197), .bold), .warning: Style(.palette(211)),
            .running: Style(.palette(123)), .stopped: Style(.palette(250)),
        ])

    /// Bold and reverse beside strong colours.
    static let contrast = Theme(
        name: "high-contrast", base: standard,
        [
            .dim: Style(.standard), .border: Style(.standard), .disabled: Style(.standard, .underline),
            .waiting: Style(.standard), .good: Style(.green, .bold), .bad: Style(.palette(9), .bold),
            .warning: Style(.yellow, .bold),
            .running: Style(.cyan, .bold), .stopped: Style(.magenta, .bold),
            // The terminal's own pair turned round: bold black is grey on many terminals.
            .selected: Style(.standard, [.reverse, .bold]),
        ])

    /// Attributes alone: `NO_COLOR`, and terminals without colour.
    static let monochrome = Theme(
        name: "monochrome",
        [
            .dim: Style(.standard, .dim), .strong: Style(.standard, .bold), .heading: Style(.standard, .bold),
            .border: Style(.standard, .dim), .borderFocused: Style(.standard, .bold), .title: Style(.standard, .bold),
            .selected: Style(.standard, .reverse), .marked: Style(.standard, .underline),
            .match: Style(.standard, .reverse),
            .key: Style(.standard, .bold), .disabled: Style(.standard, .dim), .link: Style(.standard, .underline),
            .bad: Style(.standard, .bold), .warning: Style(.standard, .bold), .running: Style(.standard, .bold),
            .waiting: Style(.standard, .dim), .header: Style(.standard, .bold), .profile: Style(.standard, .bold),
            .headerAlert: Style(.standard, .reverse),
            .toast: Style(.standard, .reverse), .toastError: Style(.standard, [.reverse, .bold]),
            .field: Style(.standard, .underline), .fieldFocused: Style(.standard, .reverse),
        ])
}

extension Style {
    fileprivate init(_ foreground: Colour, _ attributes: Attributes) {
        self.init(foreground, on: .standard, attributes)
    }
}
