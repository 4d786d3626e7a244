// SPDX-License-Identifier: Apache-2.0

/// One line on standard error that is rewritten in place; nothing at all without a terminal.
struct ProgressLine {
    let console: ScriptConsole
    /// Other output goes on meanwhile.
    var isQuiet = false
    private var shown = ""

    /// Whether there is a terminal to show it on.
    var isShown: Bool { !isQuiet && console.terminal.errorIsTerminal && console.environment["TERM"] != "dumb" }

    init(console: ScriptConsole, isQuiet: Bool = false) {
        self.console = console
        self.isQuiet = isQuiet
    }

    mutating func show(_ text: String) throws {
        guard isShown, text != shown else { return }
        shown = text
        let width = max(20, (console.terminal.width ?? 80) - 1)
        try console.talk.put("\r\u{1B}[K" + TableText.cut(SafeText.line(text), to: width))
    }

    mutating func clear() throws {
        guard isShown, !shown.isEmpty else { return }
        shown = ""
        try console.talk.put("\r\u{1B}[K")
    }
}
