// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Summary
@testable import V6Kit

struct SummaryTests {
    private static let floor = try? MinimumRows(AlgorithmEnvironment([:]))

    private func table(_ csv: String) throws -> DataTable { try DataTable(csv: Data(csv.utf8)) }

    private func summary(_ csv: String, _ columns: [String]? = nil) throws -> TableSummary {
        try TableSummary(table(csv), columns: columns, minimum: #require(Self.floor))
    }

    private func distance(_ one: Double?, _ other: Double?) throws -> Double {
        let other = try #require(other)
        return abs(try #require(one) - other) / abs(other)
    }

    @Test func federatedEqualsPooledOnTheRealData() async throws {
        let sites = Sites([.summary, .partialSummary])
        let result = try await sites.call("summary", [:])
        let pooled = try #require(Examples.pooled()["summary"])
        let difference = Examples.difference(pooled, result)
        #expect(difference.size <= 1e-12, "\(difference)")
        #expect(result["rows"]?.intValue == 569)
        #expect(result["columns"]?.objectValue?.count == 31)
        #expect(sites.subtasks == 1)
    }

    @Test func asksTheOrganizationsAndColumnsThatAreNamed() async throws {
        let result = try await Sites([.summary, .partialSummary])
            .call("summary", ["organizations": [3, 1], "columns": ["area_mean"]])
        #expect(result["rows"]?.intValue == 284 + 95)
        #expect(result["columns"]?.objectValue?.keys == ["area_mean"])
    }

    /// However the values are divided, the whole has the same moments, also where the mean dwarfs the spread.
    @Test(arguments: [0.0, 1e9])
    func combiningEqualsTheWhole(offset: Double) throws {
        let values = (0..<1000).map { offset + Double($0 * 7919 % 1000) / 8 }
        let whole = Moments(values)
        for sizes in [[1, 999], [500, 500], [10, 0, 400, 590]] {
            var rest = values[...]
            let parts = sizes.map { size in
                defer { rest = rest.dropFirst(size) }
                return Moments(Array(rest.prefix(size)))
            }
            let combined = Moments(combining: parts)
            #expect(combined.count == 1000)
            #expect(try distance(combined.mean, whole.mean) <= 1e-15)
            #expect(try distance(combined.variance, whole.variance) <= 1e-13)
            #expect(combined.minimum == whole.minimum && combined.maximum == whole.maximum)
        }
        // The numbers are 0 to 999 in eighths, in some order.
        #expect(try distance(whole.variance, (1_000_000.0 - 1) / 12 * 1000 / 999 / 64) <= 1e-13)
    }

    @Test func countsMissingValues() throws {
        let summary = try summary("a,b\n1,\n2,\n3,\n4,\n5,\n,\n")
        #expect(summary.moments["a"]?.count == 5)
        #expect(summary.moments["a"]?.missing == 1)
        #expect(summary.result["columns"]?["a"]?["variance"]?.doubleValue == 2.5)
        // A column without any value says nothing, and gets no figures.
        #expect(summary.result["columns"]?["b"]?["count"]?.intValue == 0)
        #expect(summary.result["columns"]?["b"]?["mean"] == .null)
        #expect(try TableSummary(partialResult: summary.partialResult) == summary)
    }

    @Test(arguments: ["a\n1\n2\n3\n4\n", "a,b\n1,1\n2,1\n3,1\n4,1\n,1\n"])
    func refusesFewRows(csv: String) {
        let error = #expect(throws: AlgorithmError.self) { try summary(csv) }
        #expect(error?.message.contains("fewer than 5 rows") == true)
    }

    @Test func namesColumnsThatNotEverySiteHas() throws {
        let rows = "\n1,1\n2,2\n3,3\n4,4\n5,5\n"
        let error = #expect(throws: AlgorithmError.self) {
            try TableSummary(combining: [summary("a,b" + rows), summary("a,c" + rows)])
        }
        #expect(error?.message.contains("the numeric columns b, c;") == true)
    }

    @Test func refusesWhatIsNoSummary() {
        for text in ["{}", "[]", "{\"rows\": 1, \"columns\": {\"a\": {\"count\": 1}}}"] {
            #expect(throws: AlgorithmError.self) { try TableSummary(partialResult: JSONValue(parsing: text)) }
        }
    }

    @Test func aSiteThatFailsFailsTheWhole() async throws {
        let error = await #expect(throws: AlgorithmError.self) {
            try await Sites([.summary, .partialSummary]).call("summary", ["columns": ["age"]])
        }
        #expect(error?.message.hasPrefix("there is no column \"age\"") == true)
    }
}
