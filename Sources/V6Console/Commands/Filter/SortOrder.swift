// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The value of `--sort`: columns in order of weight, `-` in front for descending.
struct SortOrder: Sendable, Equatable {
    struct Key: Sendable, Equatable {
        let field: String
        let descending: Bool
    }

    let keys: [Key]

    init(parsing text: String) {
        keys = text.split(separator: ",").map { part in
            let name = part.drop { $0 == "-" || $0 == "+" || $0.isWhitespace }
            return Key(field: String(name), descending: part.first == "-")
        }
    }

    /// The records in this order; equal ones stay as they were.
    func sorted<Record: FilterableRecord>(_ records: [Record]) -> [Record] {
        records.enumerated().sorted { left, right in
            for key in keys {
                let (first, second) = (left.element.values(of: key.field), right.element.values(of: key.field))
                let order = Self.compare(first.first, second.first)
                if order != 0 { return key.descending ? order > 0 : order < 0 }
            }
            return left.offset < right.offset
        }
        .map(\.element)
    }

    /// Absent values come first; numbers by size; everything else as text without regard to case.
    private static func compare(_ left: JSONValue?, _ right: JSONValue?) -> Int {
        let (left, right) = (left ?? .null, right ?? .null)
        if let first = left.doubleValue, let second = right.doubleValue {
            return first < second ? -1 : first > second ? 1 : 0
        }
        let (first, second) = (left.cellText.lowercased(), right.cellText.lowercased())
        return first < second ? -1 : first > second ? 1 : 0
    }
}
