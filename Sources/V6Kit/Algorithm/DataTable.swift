// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A table of named columns, read from CSV.
public struct DataTable: Sendable {
    /// The names of the columns, in order.
    public let columns: [String]
    /// The number of rows.
    public var rowCount: Int { cells.first?.count ?? 0 }

    private let cells: [[String]]

    /// Texts that mean "no value", as the Python tools read them.
    private static let missing: Set<String> = [
        "", "NA", "N/A", "n/a", "<NA>", "#N/A", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None",
    ]

    /// Reads a table whose first record names the columns.
    /// - Throws: ``CSVError`` for broken quoting, a name that is there twice, and a row of another length.
    public init(csv: Data) throws(CSVError) {
        var reader = CSVReader(csv)
        guard let header = try reader.next() else { throw CSVError(line: 1, reason: "the file is empty") }
        let columns = Self.names(header)
        if let double = columns.enumerated().first(where: { columns[..<$0.offset].contains($0.element) }) {
            throw CSVError(line: 1, reason: "column \"\(double.element)\" is there twice")
        }
        var cells = [[String]](repeating: [], count: columns.count)
        while let record = try reader.next() {
            guard record.count == columns.count else {
                throw CSVError(
                    line: reader.recordLine, reason: "\(record.count) fields, but \(columns.count) columns have a name")
            }
            for (index, text) in record.enumerated() { cells[index].append(text) }
        }
        self.columns = columns
        self.cells = cells
    }

    /// The names in a header; a column without one, as pandas writes an index, gets the name that pandas would give it.
    private static func names(_ header: [String]) -> [String] {
        header.enumerated().map { index, text in
            let name = text.trimmingCharacters(in: .whitespaces)
            return name.isEmpty ? "Unnamed: \(index)" : name
        }
    }

    /// The columns in which every value is a number or missing.
    public var numericColumns: [String] {
        columns.indices.filter { index in
            cells[index].allSatisfy { Self.missing.contains($0) || Self.number($0) != nil }
        }.map { columns[$0] }
    }

    /// The numbers of a column, nil where the value is missing.
    /// - Throws: ``AlgorithmError`` when there is no such column, or a value is no number; the message tells its row and
    ///   never the value, which must not leave the site.
    public func numbers(_ name: String) throws -> [Double?] {
        guard let index = columns.firstIndex(of: name) else {
            throw AlgorithmError("there is no column \"\(name)\"; there are: \(columns.joined(separator: ", "))")
        }
        return try cells[index].enumerated().map { row, text in
            if Self.missing.contains(text) { return nil }
            guard let value = Self.number(text) else {
                throw AlgorithmError("column \"\(name)\" is not numeric: row \(row + 1) holds something else")
            }
            return value
        }
    }

    private static func number(_ text: String) -> Double? {
        if let value = Double(text) { return value.isFinite ? value : nil }
        return Double(text.trimmingCharacters(in: .whitespaces)).flatMap { $0.isFinite ? $0 : nil }
    }
}
