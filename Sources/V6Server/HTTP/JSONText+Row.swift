// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension JSONText {
    /// A member that is a text of a row, or `null`.
    mutating func member(_ name: StaticString, text row: SQLRow, _ column: Int) {
        self.name(name)
        if row.withText(column, { write(utf8: $0) }) == nil { write(row.text(column)) }
    }

    /// A member that is a moment of a row in the form of the wire, or `null`.
    mutating func member(_ name: StaticString, time row: SQLRow, _ column: Int) {
        let isWritten = row.withText(column) { text in
            // The common form is written from where it lies: `T` for the blank, a fraction of zero left out.
            guard text.count == 26 else { return false }
            self.name(name)
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 26) { moment in
                _ = moment.update(fromContentsOf: text)
                if moment[10] == UInt8(ascii: " ") { moment[10] = UInt8(ascii: "T") }
                let hasFraction = (20..<26).contains { text[$0] != UInt8(ascii: "0") }
                let length = text[19] == UInt8(ascii: ".") && !hasFraction ? 19 : 26
                write(utf8: UnsafeBufferPointer(rebasing: moment[..<length]))
            }
            return true
        }
        if isWritten != true { member(name, time: row.text(column)) }
    }
}
