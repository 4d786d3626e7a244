// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The configuration nodes publish over Socket.IO.
struct NodeInfo {
    let session: any SQLSession

    /// Replaces the rows of a node by those of a published object.
    func replace(of node: Int64, with payload: JSONValue) throws {
        try session.run("DELETE FROM nodeconfig WHERE node_id = \(node)")
        for (key, value) in Self.flatten(payload) {
            let id = try session.nextID(of: .nodeconfig)
            try session.run(
                """
                INSERT INTO nodeconfig (id, node_id, "key", value) VALUES (\(id), \(node), \(key), \(value))
                """)
        }
    }

    /// One row for each scalar and list element; of an object inside, its own keys count.
    static func flatten(_ payload: JSONValue) -> [(key: String, value: String?)] {
        (payload.objectValue ?? [:]).flatMap { key, value -> [(String, String?)] in
            if let inner = value.objectValue { return inner.flatMap { rows($0.key, $0.value) } }
            return rows(key, value)
        }
    }

    private static func rows(_ key: String, _ value: JSONValue) -> [(String, String?)] {
        (value.arrayValue ?? [value]).map { (key, text($0)) }
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .null: nil
        case .bool(let flag): flag ? "1" : "0"
        case .string(let text): text
        case .integer, .number, .array, .object: value.text()
        }
    }
}
