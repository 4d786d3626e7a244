// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A result as rows and columns, however the algorithm nested it.
///
/// A list of objects is a row an object; an object of lists of one length is a data frame by columns; an object of
/// objects is a row a key; a plain object is a row a key with its value; anything else is one cell.
struct ResultGrid: Sendable, Hashable {
    let columns: [String]
    let rows: [[JSONValue]]

    init(_ value: JSONValue) {
        switch value {
        case .array(let items): self = Self.grid(ofList: items)
        case .object(let object): self = Self.grid(ofObject: object)
        default: self.init(columns: ["value"], rows: [[value]])
        }
    }

    init(columns: [String], rows: [[JSONValue]]) {
        self.columns = columns
        self.rows = rows
    }

    private static func grid(ofList items: [JSONValue]) -> ResultGrid {
        let objects = items.compactMap(\.objectValue)
        if objects.count == items.count, !items.isEmpty {
            let keys = union(objects)
            return ResultGrid(columns: keys, rows: objects.map { object in keys.map { object[$0] ?? .null } })
        }
        let lists = items.compactMap(\.arrayValue)
        if lists.count == items.count, let width = lists.map(\.count).max() {
            let columns = (1...max(width, 1)).map(String.init)
            return ResultGrid(
                columns: columns,
                rows: lists.map { list in columns.indices.map { $0 < list.count ? list[$0] : .null } })
        }
        return ResultGrid(columns: ["value"], rows: items.map { [$0] })
    }

    private static func grid(ofObject object: JSONObject) -> ResultGrid {
        let values = object.map(\.value)
        let lists = values.compactMap(\.arrayValue)
        if let height = lists.first?.count, lists.count == values.count, lists.allSatisfy({ $0.count == height }) {
            return ResultGrid(columns: object.keys, rows: (0..<height).map { row in lists.map { $0[row] } })
        }
        let objects = values.compactMap(\.objectValue)
        if objects.count == values.count, !objects.isEmpty {
            let keys = union(objects)
            return ResultGrid(
                columns: ["name"] + keys,
                rows: object.map { entry in [.string(entry.key)] + keys.map { entry.value[$0] ?? .null } })
        }
        return ResultGrid(columns: ["name", "value"], rows: flattened(object, prefix: "").map { [.string($0), $1] })
    }

    /// A result as several tables for a person: plain members first, then each nested one under its name.
    static func sections(of value: JSONValue) -> [(title: String?, grid: ResultGrid)] {
        guard let object = value.objectValue else { return [(nil, ResultGrid(value))] }
        func isNested(_ value: JSONValue) -> Bool {
            if let inner = value.objectValue { return !inner.isEmpty }
            return value.arrayValue?.contains { $0.objectValue != nil || $0.arrayValue != nil } ?? false
        }
        let nested = object.filter { isNested($0.value) }
        // All alike: one table shows more than one a member.
        if nested.isEmpty || nested.count == object.count { return [(nil, ResultGrid(value))] }
        var plain = JSONObject()
        for (key, value) in object where !isNested(value) { plain[key] = value }
        return [(nil, ResultGrid(columns: ["name", "value"], rows: plain.map { [.string($0.key), $0.value] }))]
            + nested.map { ($0.key, ResultGrid($0.value)) }
    }

    /// Leaves of a mixed object with dotted names, so that no cell holds a heap of JSON.
    private static func flattened(_ object: JSONObject, prefix: String) -> [(String, JSONValue)] {
        object.flatMap { entry -> [(String, JSONValue)] in
            if let inner = entry.value.objectValue, inner.count > 0 {
                return flattened(inner, prefix: prefix + entry.key + ".")
            }
            return [(prefix + entry.key, entry.value)]
        }
    }

    private static func union(_ objects: [JSONObject]) -> [String] {
        var keys: [String] = []
        var seen: Set<String> = []
        for object in objects { for key in object.keys where seen.insert(key).inserted { keys.append(key) } }
        return keys
    }
}
