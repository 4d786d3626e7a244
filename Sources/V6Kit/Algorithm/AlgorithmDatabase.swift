// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A database as a node offers it to an algorithm.
public struct AlgorithmDatabase: Sendable, Hashable {
    /// The name by which tasks ask for it.
    public let label: String
    /// A path in the container, or a connection address.
    public let uri: String
    /// The type in the node's configuration: `csv`, `parquet`, `sql`, ...
    public let type: String
    /// The query of the task, if it has one.
    public let query: String?
    /// The sheet the task asks for, if it does.
    public let sheetName: String?
    /// The preprocessing steps of the task as JSON text, if it has any.
    public let preprocessing: String?

    /// Reads the table of a CSV database.
    /// - Throws: ``AlgorithmError`` when it is no CSV file, cannot be read, or the task asks for a preparation that
    ///   would otherwise be left out silently.
    public func table() throws -> DataTable {
        guard type.lowercased() == "csv" else {
            throw AlgorithmError("database \"\(label)\" is of type \(type); this algorithm reads csv only")
        }
        if let preprocessing, !["[]", "{}", "null"].contains(preprocessing.trimmingCharacters(in: .whitespaces)) {
            throw AlgorithmError("this algorithm does no preprocessing; create the task without it")
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: uri))
        } catch {
            throw AlgorithmError("database \"\(label)\" cannot be read at \(uri): is it a file on the node?")
        }
        do {
            return try DataTable(csv: data)
        } catch {
            throw AlgorithmError("database \"\(label)\": \(error)")
        }
    }
}
