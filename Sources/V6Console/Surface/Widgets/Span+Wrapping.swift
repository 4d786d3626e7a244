// SPDX-License-Identifier: Apache-2.0

extension [Span] {
    /// This line in as many as it takes where there are only so many columns.
    ///
    /// Broken at blanks, a word that is longer than a line anywhere. What goes on stands below the line's beginning.
    func wrapped(columns: Int) -> [[Span]] {
        guard width > columns, columns > 0 else { return [self] }
        var rest = flatMap { span in span.text.map { (sign: $0, role: span.role) } }[...]
        let indent = Swift.min(rest.prefix { $0.sign == " " }.count, columns / 2)
        var lines: [[Span]] = []
        while !rest.isEmpty {
            var used = lines.isEmpty ? 0 : indent
            var end = rest.startIndex
            while end < rest.endIndex, used + TextWidth.of(String(rest[end].sign)) <= columns {
                used += TextWidth.of(String(rest[end].sign))
                end += 1
            }
            // At least one sign, or this would never end.
            end = Swift.max(end, rest.startIndex + 1)
            if end < rest.endIndex, rest[end].sign != " ",
                let blank = rest[..<end].lastIndex(where: { $0.sign == " " }),
                rest[..<blank].contains(where: { $0.sign != " " })
            {
                end = blank
            }
            let margin = lines.isEmpty || indent == 0 ? [] : [Span(String(repeating: " ", count: indent))]
            lines.append(margin + Self.joined(rest[..<end]))
            rest = rest[end...].drop { $0.sign == " " }
        }
        return lines
    }

    private static func joined(_ signs: ArraySlice<(sign: Character, role: TextRole)>) -> [Span] {
        var spans: [Span] = []
        for (sign, role) in signs {
            if spans.last?.role == role {
                spans[spans.count - 1].text.append(sign)
            } else {
                spans.append(Span(String(sign), role))
            }
        }
        return spans
    }
}
