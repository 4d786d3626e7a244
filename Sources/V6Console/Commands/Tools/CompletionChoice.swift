// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One value that a shell may complete to, and what it is.
///
/// Names come from the server, and shells take what is offered as a line of their language: each shell's own signs are
/// quoted, so that a name stays a name.
struct CompletionChoice: Sendable, Equatable {
    let value: String
    let note: String

    init(_ value: String, note: String = "") {
        self.value = SafeText.line(value)
        self.note = SafeText.line(note)
    }

    /// A line of the cache, which is fish's: the value, a tab, the note.
    init(remembered line: Substring) {
        let parts = line.split(separator: "\t", maxSplits: 1)
        self.init(parts.first.map(String.init) ?? "", note: parts.count > 1 ? String(parts[1]) : "")
    }

    /// The line that the shell's completion script expects; the bare value where no shell is named.
    func line(for shell: CompletionCommand.Shell?) -> String {
        switch shell {
        case nil: value
        case .fish: note.isEmpty ? value : "\(value)\t\(note)"
        case .zsh:
            // A colon separates value and note.
            value.replacing("\\", with: "\\\\").replacing(":", with: "\\:") + (note.isEmpty ? "" : ":\(note)")
        case .bash: BashWord("").completed(to: value) ?? value
        }
    }
}
