// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension ResultGrid {
    /// The grid as aligned lines, head first; numbers stand at the right.
    func lines() -> [String] {
        let cells = rows.map { $0.map(Self.text) }
        let numeric = columns.indices.map(isNumeric)
        let widths = columns.indices.map { column in
            max(TextWidth.of(columns[column]), cells.map { min(60, TextWidth.of($0[column])) }.max() ?? 0)
        }
        func line(_ texts: [String]) -> String {
            texts.indices.map { column in
                let text = TableText.cut(texts[column], to: widths[column])
                return numeric[column] ? text.leftPadded(widths[column]) : text.padded(to: widths[column])
            }.joined(separator: "  ")
        }
        return [line(columns)] + cells.map(line)
    }

    /// A value as a cell shows it: numbers with six significant digits, nested values as JSON.
    static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number): short(number)
        case .string(let text): text
        case .array, .object: value.text()
        }
    }

    /// Six significant digits.
    static func short(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity" }
        if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
        let magnitude = abs(number)
        if magnitude >= 1e-4, magnitude < 1e9 {
            var scale = 1.0
            var digits = 6
            var size = magnitude
            while size >= 1, digits > 1 {
                size /= 10
                digits -= 1
            }
            for _ in 0..<digits { scale *= 10 }
            let text = "\((number * scale).rounded() / scale)"
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        let exponent = Int(magnitude.exponentOfTen)
        let mantissa = number / Double.power(of: exponent)
        return "\((mantissa * 1e5).rounded() / 1e5)e\(exponent)"
    }

    /// Whether a column holds numbers only, so that it stands at the right.
    func isNumeric(_ column: Int) -> Bool {
        let values = rows.map { $0[column] }.filter { !$0.isNull }
        return !values.isEmpty && values.allSatisfy { $0.doubleValue != nil }
    }

}

extension Double {
    /// The power of ten of the first digit.
    fileprivate var exponentOfTen: Double {
        guard self > 0 else { return 0 }
        var value = self
        var exponent = 0.0
        while value >= 10 {
            value /= 10
            exponent += 1
        }
        while value < 1 {
            value *= 10
            exponent -= 1
        }
        return exponent
    }

    fileprivate static func power(of exponent: Int) -> Double {
        var value = 1.0
        for _ in 0..<abs(exponent) { value *= 10 }
        return exponent < 0 ? 1 / value : value
    }
}
