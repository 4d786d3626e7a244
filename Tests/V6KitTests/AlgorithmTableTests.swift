// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import V6Kit

struct AlgorithmTableTests {
    private func records(_ text: String) throws -> [[String]] {
        var reader = CSVReader(text.utf8)
        var records: [[String]] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
        ("a\r1\r", [["a"], ["1"]]),
        ("\u{FEFF}a\n", [["a"]]),
        ("a,b\n\n,\n", [["a", "b"], ["", ""]]),
        ("\"a,b\",\"c \"\"d\"\"\"\n", [["a,b", "c \"d\""]]),
        ("\"two\nlines\",\"\"\nx,y\n", [["two\nlines", ""], ["x", "y"]]),
        ("in \"the\" middle,é\n", [["in \"the\" middle", "é"]]),
        ("", []),
    ])
    func readsRecords(text: String, expected: [[String]]) throws {
        #expect(try records(text) == expected)
    }

    @Test(arguments: [
        ("a\n\"x\n1\n", CSVError(line: 2, reason: "a quoted field is not closed")),
        ("a\n\"x\" y\n", CSVError(line: 2, reason: "a quoted field goes on after its closing quote")),
    ])
    func refusesBrokenQuotes(text: String, error: CSVError) {
        #expect(throws: error) { try records(text) }
    }

    @Test func namesTheLineOfARowThatDoesNotFit() {
        #expect(throws: CSVError(line: 4, reason: "1 fields, but 2 columns have a name")) {
            try DataTable(csv: Data("a,b\n\"1\n\",2\n3\n".utf8))
        }
    }

    @Test func refusesAColumnThatIsThereTwice() {
        #expect(throws: CSVError(line: 1, reason: "column \"a\" is there twice")) {
            try DataTable(csv: Data("a, a\n".utf8))
        }
    }

    @Test func readsNumbersAndMissingValues() throws {
        let table = try DataTable(csv: Data(",n,t\n0,1.5,x\n1, -2e3 ,NA\n2,,y\n3,NaN,\n".utf8))
        #expect(table.columns == ["Unnamed: 0", "n", "t"])
        #expect(table.rowCount == 4)
        #expect(table.numericColumns == ["Unnamed: 0", "n"])
        #expect(try table.numbers("n") == [1.5, -2000, nil, nil])
    }

    @Test func neverRepeatsAValueInAnError() throws {
        let table = try DataTable(csv: Data("t\n1\nsecret\n".utf8))
        let error = #expect(throws: AlgorithmError.self) { try table.numbers("t") }
        #expect(error?.message == "column \"t\" is not numeric: row 2 holds something else")
    }

    @Test func aDatabaseThatCannotBeUsedSaysWhy() {
        func message(_ type: String, preprocessing: String? = nil) -> String? {
            let database = AlgorithmDatabase(
                label: "d", uri: "/nowhere.csv", type: type, query: nil, sheetName: nil, preprocessing: preprocessing)
            return #expect(throws: AlgorithmError.self) { try database.table() }?.message
        }
        #expect(message("sql") == "database \"d\" is of type sql; this algorithm reads csv only")
        #expect(message("csv")?.contains("cannot be read at /nowhere.csv") == true)
        #expect(message("csv", preprocessing: "[{}]")?.contains("preprocessing") == true)
    }

    @Test func aCompensatedSumKeepsWhatAPlainOneLoses() {
        #expect(CompensatedSum([1, 1e100, 1, -1e100]).value == 2)
        #expect(CompensatedSum([]).value == 0)
        #expect(CompensatedSum([Double](repeating: 0.1, count: 1_000_000)).value == 100_000)
    }
}
