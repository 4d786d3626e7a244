// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// How a command prints what it found.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json

    /// Prints rows under headings, or the same as JSON.
    func print(_ value: JSONValue, headings: [String], rows: [[String]]) {
        switch self {
        case .json: Swift.print(value.text(.pretty))
        case .table:
            let all = [headings] + rows.map { $0.map(Self.printable) }
            let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
            for row in all {
                let cells = zip(row, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }
                Swift.print(cells.joined(separator: "  ").trimmedEnd)
            }
        }
    }

    /// Names come from elsewhere: what would steer a terminal is taken out.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }
}

extension String {
    fileprivate var trimmedEnd: String {
        var text = self[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
