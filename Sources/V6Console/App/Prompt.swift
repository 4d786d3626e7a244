// SPDX-License-Identifier: Apache-2.0

/// The line at the bottom in which a command or a filter is typed.
struct Prompt: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case command
        /// A filter or a search; the text before, to go back to.
        case filter(before: String)
    }

    var kind: Kind
    var editor = LineEditor()
    private var history: [String]
    private var place: Int

    init(_ kind: Kind, text: String = "", history: [String]) {
        self.kind = kind
        editor = LineEditor(text)
        self.history = history
        place = history.count
    }

    var sign: String { kind == .command ? ":" : "/" }

    mutating func recall(_ step: Int) {
        let next = place + step
        guard next >= 0, next <= history.count else { return }
        place = next
        editor.text = next < history.count ? history[next] : ""
    }
}
