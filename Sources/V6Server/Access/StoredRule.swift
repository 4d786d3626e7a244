// SPDX-License-Identifier: Apache-2.0

/// A row of the table `rule`.
struct StoredRule: Sendable, Hashable {
    /// The columns ``init(_:)`` reads, in order.
    static let columns: SQL = "rule.id, rule.name, rule.operation, rule.scope"

    let id: Int64
    let name: String
    let operation: String
    let scope: String

    init(_ row: SQLRow) {
        id = row.integer(0) ?? 0
        name = row.text(1) ?? ""
        operation = row.text(2) ?? ""
        scope = row.text(3) ?? ""
    }

    /// The rule as this server knows it; nil when it does not.
    var grant: Grant? {
        guard let resource = Resource(rawValue: name), let operation = Operation(columnValue: operation),
            let scope = Scope(columnValue: scope)
        else { return nil }
        return Grant(resource: resource, operation: operation, scope: scope)
    }

    /// The rule as refusals name it.
    var text: String { "(\(name), \(scope.lowercased()), \(operation.lowercased()))" }
}
