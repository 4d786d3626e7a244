// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Makes the text of one cell from a column's value.
struct CellFormatter: Sendable {
    /// Relative times and readable durations, for a table; otherwise the full value.
    let brief: Bool
    /// Nothing a terminal would obey may pass.
    let safe: Bool
    let now: Timestamp

    /// The text of a cell.
    func text(_ value: JSONValue, kind: RecordColumn.Kind) -> String {
        let text: String
        switch kind {
        case .time where brief:
            let time = value.stringValue.flatMap { Timestamp($0) }
            text = time.map { TimeText.relative($0, to: now) } ?? value.cellText
        case .duration where brief:
            text = value.intValue.map { TimeText.duration(seconds: Int64($0)) } ?? value.cellText
        default:
            text = value.cellText
        }
        return safe ? SafeText.line(text) : text
    }
}
