// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// A rule as `rules.json` of 4.15.2 has it, which the server knows nothing of.
struct MatrixRule: Sendable, Hashable {
    let id: Int64
    let name: String
    let operation: String
    let scope: String

    /// All 86.
    static func all() throws -> [MatrixRule] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/rules.json")
        return (try JSONValue(parsing: try Data(contentsOf: file)).arrayValue ?? []).map { item in
            func text(_ key: String) -> String { item[key]?.stringValue ?? "" }
            return MatrixRule(
                id: Int64(item["id"]?.intValue ?? 0), name: text("name"), operation: text("operation").lowercased(),
                scope: text("scope").lowercased())
        }
    }
}

/// Somebody with a token.
struct MatrixCaller: Sendable {
    enum Kind: String, Sendable {
        case user, node, container
    }

    let label: String
    let kind: Kind
    let rules: [MatrixRule]
}
