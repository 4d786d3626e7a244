// SPDX-License-Identifier: Apache-2.0

/// Rows as CSV (RFC 4180) or as tab-separated text.
enum DelimitedText {
    /// One CSV line with its end; a cell with comma, quote or line end is quoted.
    static func csv(_ cells: [String]) -> String {
        cells.map { cell in
            let needsQuotes = cell.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
            return needsQuotes ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
        }
        .joined(separator: ",") + "\n"
    }

    /// One tab-separated line with its end; tab, line end and backslash inside a cell are written `\t`, `\n`, `\\`.
    static func tsv(_ cells: [String]) -> String {
        cells.map { cell in
            var result = ""
            for scalar in cell.unicodeScalars {
                switch scalar {
                case "\t": result += "\\t"
                case "\n": result += "\\n"
                case "\r": result += "\\r"
                case "\\": result += "\\\\"
                default: result.unicodeScalars.append(scalar)
                }
            }
            return result
        }
        .joined(separator: "\t") + "\n"
    }
}
