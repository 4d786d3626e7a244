// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import V6Console

/// Screens kept as text files and compared cell by cell.
///
/// `V6_GOLDEN=write swift test --filter Golden` writes them anew; without it nothing is ever written.
enum Golden {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden")

    static func check(
        _ surface: Surface, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = directory.appending(path: name + ".txt")
        let text = render(surface)
        if ProcessInfo.processInfo.environment["V6_GOLDEN"] == "write" {
            try text.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        guard kept != text else { return }
        let difference = zip(
            kept.split(separator: "\n", omittingEmptySubsequences: false),
            text.split(separator: "\n", omittingEmptySubsequences: false)
        )
        .enumerated().filter { $1.0 != $1.1 }.prefix(6)
        .map { "line \($0 + 1)\n  kept  \($1.0)\n  drawn \($1.1)" }.joined(separator: "\n")
        Issue.record("\(name) differs from its golden file\n\(difference)", sourceLocation: sourceLocation)
    }

    /// The characters, the styles as letters, and what the letters mean.
    static func render(_ surface: Surface) -> String {
        var letters: [Style: Character] = [.plain: "."]
        var legend: [String] = []
        var text: [String] = []
        var styles: [String] = []
        for row in 0..<surface.size.rows {
            var line = ""
            var marks = ""
            for cell in surface.row(row) {
                if letters[cell.style] == nil {
                    let letter = Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(legend.count)))
                    letters[cell.style] = letter
                    legend.append("\(letter) \(describe(cell.style))")
                }
                if cell.width > 0 { line.append(cell.character) }
                marks.append(letters[cell.style] ?? "?")
            }
            text.append(trimmed(line, " "))
            styles.append(trimmed(marks, "."))
        }
        let cursor = surface.cursor.map { "cursor \($0.row),\($0.column)" } ?? "no cursor"
        return
            (["\(surface.size.columns)x\(surface.size.rows) \(cursor)"] + text + ["--- styles"] + styles + [
                "--- legend"
            ] + legend)
            .joined(separator: "\n") + "\n"
    }

    private static func describe(_ style: Style) -> String {
        var words = ["\(style.foreground.index) on \(style.background.index)"]
        if style.attributes.contains(.bold) { words.append("bold") }
        if style.attributes.contains(.dim) { words.append("dim") }
        if style.attributes.contains(.underline) { words.append("underline") }
        if style.attributes.contains(.reverse) { words.append("reverse") }
        return words.joined(separator: " ")
    }

    private static func trimmed(_ line: String, _ blank: Character) -> String {
        var line = line
        while line.last == blank { line.removeLast() }
        return line
    }
}

extension Surface {
    /// The characters of the screen, a line a row.
    var text: String {
        (0..<size.rows).map { row in String(self.row(row).filter { $0.width > 0 }.map(\.character)) }.joined(
            separator: "\n")
    }
}
