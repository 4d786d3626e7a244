// SPDX-License-Identifier: Apache-2.0

/// What is known of the terminal before it is opened: from the environment, as pure data.
struct TerminalProfile: Hashable, Sendable {
    /// The terminal type, `TERM`.
    var type: String
    /// Types to try before that one: a terminal whose `COLORTERM` promises millions of colours shows 256 as well, also where `TERM`
    /// speaks of 8.
    var richerTypes: [String]
    /// Draw ASCII only.
    var isASCII: Bool
    /// Whether a variable says so, rather than the locale.
    var wantsASCII: Bool
    var usesColour: Bool
    /// A theme by name, or empty for the one that fits the terminal.
    var theme: String
    var usesMouse: Bool

    /// Reads the environment.
    ///
    /// `speaksUTF8` is what the locale said.
    init(environment: ConsoleEnvironment, speaksUTF8: Bool, colour: Bool? = nil) {
        let type = environment["TERM"] ?? ""
        self.type = type
        let isRich = ["truecolor", "24bit"].contains(environment["COLORTERM"]?.lowercased())
        richerTypes = isRich && !type.contains("256color") && !type.contains("direct") ? ["\(type)-256color"] : []
        wantsASCII = environment.isOn("V6_ASCII")
        isASCII = !speaksUTF8 || wantsASCII
        usesColour = colour ?? (environment["NO_COLOR"] == nil && environment["CLICOLOR"] != "0")
        theme = environment["V6_THEME"] ?? ""
        usesMouse = environment.isOn("V6_MOUSE")
    }

    /// The display on a terminal of so many colours, for a person with these themes of their own.
    ///
    /// A variable goes before the files; what the locale or nobody has said does not.
    func display(colours: Int, own: [Theme]) -> DisplayStart {
        let isPlain = !usesColour || colours < 8
        let chosen = isPlain ? .monochrome : (own + Theme.all).first { $0.name == theme }
        var start = DisplayStart(theme: chosen ?? .standard, glyphs: glyphs, usesMouse: usesMouse)
        if chosen != nil { start.decided.insert(.theme) }
        if wantsASCII { start.decided.insert(.ascii) }
        if usesMouse { start.decided.insert(.mouse) }
        return start
    }

    var glyphs: Glyphs { isASCII ? .ascii : .unicode }
}
