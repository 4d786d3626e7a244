// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The beginning of a large result: more than anybody reads on a screen, and little enough to be drawn at once.
struct ResultPart {
    private(set) var value: JSONValue
    /// How many rows of the longest list there are, and how many of it are left.
    private var longest = 0
    private let most: Int

    /// How many rows a screen shows.
    static let most = 20_000

    init(_ json: JSONValue, most: Int = ResultPart.most) {
        value = json
        self.most = most
        value = cut(json, depth: 0)
    }

    /// What is left out; nil where all of it is there.
    var note: String? { longest > most ? "first \(most) of \(longest) rows (s saves all)" : nil }

    /// Lists are long, and so are the lists of an object that holds columns.
    private mutating func cut(_ value: JSONValue, depth: Int) -> JSONValue {
        switch value {
        case .array(let items):
            guard items.count > most else { return value }
            longest = max(longest, items.count)
            return .array(Array(items.prefix(most)))
        case .object(let members) where depth < 2:
            guard members.count <= most else {
                longest = max(longest, members.count)
                var beginning = JSONObject()
                for (key, member) in members.prefix(most) { beginning[key] = member }
                return .object(beginning)
            }
            // Most results are small: they stay as they are.
            guard members.contains(where: { Self.isLong($0.value, most) }) else { return value }
            var shorter = JSONObject()
            for (key, member) in members { shorter[key] = cut(member, depth: depth + 1) }
            return .object(shorter)
        default: return value
        }
    }

    private static func isLong(_ value: JSONValue, _ most: Int) -> Bool {
        switch value {
        case .array(let items): items.count > most
        case .object(let members): members.count > most || members.contains { isLong($0.value, most) }
        default: false
        }
    }
}
