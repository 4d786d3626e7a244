// SPDX-License-Identifier: Apache-2.0

/// One line on standard error that is rewritten in place; nothing at all without a terminal.
struct ProgressLine: Sendable {
    let console: ScriptConsole
    /// Other output goes on meanwhile.
    var isQuiet = false

    /// Whether there is a terminal to show it on.
    var isShown: Bool { !isQuiet && console.terminal.errorIsTerminal && console.environment["TERM"] != "dumb" }

    func show(_ text: String) throws {
        guard isShown else { return }
        let width = max(20, (console.terminal.width ?? 80) - 1)
        try console.talk.put("\r\u{1B}[K" + TableText.cut(SafeText.line(text), to: width))
    }

    func clear() throws {
        guard isShown else { return }
        try console.talk.put("\r\u{1B}[K")
    }
}
