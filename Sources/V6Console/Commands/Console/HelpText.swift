// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

extension String {
    /// The lower part of a command's help: what is worth knowing, then command lines to copy.
    ///
    /// - Parameters:
    ///   - text: What is worth knowing; may be empty.
    ///   - examples: Command lines, without the program's name in front.
    /// - Returns: The whole text.
    static func help(_ text: String = "", examples: String...) -> String {
        let heading = examples.count == 1 ? "Example:" : "Examples:"
        let lines = [heading] + examples.map { "  \($0.contains("v6-console") ? $0 : "v6-console \($0)")" }
        return (text.isEmpty ? [] : [text, ""]).joined(separator: "\n") + (text.isEmpty ? "" : "\n")
            + lines.joined(separator: "\n")
    }
}
