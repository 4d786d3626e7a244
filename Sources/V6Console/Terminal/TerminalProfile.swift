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
        isASCII = !speaksUTF8 || environment.isOn("V6_ASCII")
        usesColour = colour ?? (environment["NO_COLOR"] == nil && environment["CLICOLOR"] != "0")
        theme = environment["V6_THEME"] ?? ""
        usesMouse = environment.isOn("V6_MOUSE")
    }

    /// The theme to use on a terminal of so many colours.
    func theme(colours: Int) -> Theme {
        if !usesColour || colours < 8 { return .monochrome }
        if let chosen = Theme.named(theme) { return chosen }
        return .standard
    }

    var glyphs: Glyphs { isASCII ? .ascii : .unicode }
}
