// SPDX-License-Identifier: Apache-2.0

/// A table of 4.15.2, from which its DDL on either engine follows.
struct TableDefinition: Sendable {
    let name: String
    let columns: [Column]
    /// Columns whose values may occur only once.
    var unique: [String] = []

    /// The statement that makes the table when it is missing.
    func creation(_ dialect: Dialect) -> String {
        var lines = columns.map { column in
            "\"\(column.name)\" \(column.type(dialect))\(column.isIdentity ? " NOT NULL" : "")"
        }
        if columns.contains(where: \.isIdentity) { lines.append("PRIMARY KEY (id)") }
        lines += columns.compactMap { column in
            column.reference.map { "FOREIGN KEY(\"\(column.name)\") REFERENCES \"\($0)\" (id)" }
        }
        lines += unique.map { "UNIQUE (\($0))" }
        return "CREATE TABLE IF NOT EXISTS \"\(name)\" (\(lines.joined(separator: ", ")))"
    }

    /// The statements that add columns a younger release of 4.x brought, as the original does: plain, without
    /// constraint or default.
    func additions(present: Set<String>, _ dialect: Dialect) -> [String] {
        columns.filter { !present.contains($0.name) }.map {
            "ALTER TABLE \"\(name)\" ADD COLUMN \"\($0.name)\" \($0.type(dialect))"
        }
    }
}
