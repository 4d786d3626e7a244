// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A result as a few tables below each other.
///
/// Algorithms like to return an object that holds figures beside tables: the figures become the first table, each member
/// that is a table itself follows under its name.
struct ResultSections: Hashable, Sendable {
    struct Section: Hashable, Sendable {
        var title: String
        var grid: ResultGrid
    }

    let sections: [Section]

    init(_ sections: [Section]) {
        self.sections = sections
    }

    init(_ json: JSONValue) {
        guard let members = json.objectValue, !Self.isTable(json), members.contains(where: { Self.isTable($0.value) })
        else {
            sections = [Section(title: "", grid: ResultGrid(json))]
            return
        }
        var figures = JSONObject()
        var tables: [Section] = []
        for (key, value) in members {
            if Self.isTable(value) {
                tables.append(Section(title: key, grid: ResultGrid(value)))
            } else {
                figures[key] = value
            }
        }
        let head = figures.isEmpty ? [] : [Section(title: "", grid: ResultGrid(.object(figures)))]
        sections = head + tables
    }

    /// Whether it is one table, or figures alone.
    static func isOne(_ json: JSONValue) -> Bool {
        guard let members = json.objectValue else { return true }
        // What a table is shows in its beginning.
        return ResultSections(ResultPart(json, most: 20).value).sections.count == 1 || members.isEmpty
    }

    /// Rows and columns rather than figures: a list of objects or lists, an object of objects, or of lists of one length.
    private static func isTable(_ value: JSONValue) -> Bool {
        switch value {
        case .array(let items):
            return !items.isEmpty
                && (items.allSatisfy { $0.objectValue != nil } || items.allSatisfy { $0.arrayValue != nil })
        case .object(let members):
            let values = members.map(\.value)
            if values.isEmpty { return false }
            if values.allSatisfy({ $0.objectValue != nil }) { return true }
            let count = values[0].arrayValue?.count
            return count != nil && values.allSatisfy { $0.arrayValue?.count == count }
        default: return false
        }
    }

    /// The tables as text; heads are the lines in `heads`.
    func lines() -> (lines: [String], heads: Set<Int>) {
        var lines: [String] = []
        var heads: Set<Int> = []
        for section in sections {
            if !lines.isEmpty { lines.append("") }
            if !section.title.isEmpty {
                heads.insert(lines.count)
                lines.append(section.title)
            }
            heads.insert(lines.count)
            lines += section.grid.lines()
        }
        return (lines, heads)
    }
}
