// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Logistic
@testable import V6Kit

struct LogisticTests {
    private func data(_ csv: String, _ model: LogisticModel) throws -> LogisticData {
        try LogisticData(DataTable(csv: Data(csv.utf8)), model, minimum: MinimumRows(AlgorithmEnvironment([:])))
    }

    /// Fits a model to tables in place of sites.
    private func fit(
        _ tables: [String], columns: [String] = ["x"], maxRounds: Int = 25, tolerance: Double = 1e-8
    ) throws -> LogisticResult {
        let model = try LogisticModel(outcome: "y", columns: columns)
        let sites = try tables.map { try data($0, model) }
        var fit = try LogisticFit(model, maxRounds: maxRounds, tolerance: tolerance)
        var step = LogisticFit.Step.evaluate(fit.start)
        while true {
            switch step {
            case .finished(let result): return result
            case .evaluate(let beta):
                step = try fit.absorb(LogisticSums(combining: sites.map { LogisticSums($0, at: beta) }))
            }
        }
    }

    /// Two groups, of which a share has the outcome: the fit is known in closed form.
    private func groups(_ without: (Int, of: Int), _ with: (Int, of: Int)) -> String {
        var lines = ["y,x"]
        for index in 0..<without.of { lines.append("\(index < without.0 ? 1 : 0),0") }
        for index in 0..<with.of { lines.append("\(index < with.0 ? 1 : 0),1") }
        return lines.joined(separator: "\n")
    }

    @Test func federatedEqualsPooledOnTheRealData() async throws {
        let sites = Sites([.logistic, .partialLogistic])
        let result = try await sites.call(
            "logistic",
            [
                "outcome": "malignant",
                "columns": ["radius_mean", "texture_mean", "smoothness_mean", "concavity_mean"],
            ])
        let difference = Examples.difference(try #require(Examples.pooled()["logistic"]), result)
        #expect(difference.size <= 1e-9, "\(difference)")
        #expect(result["count"]?.intValue == 569)
        #expect(result["rounds"]?.intValue == sites.subtasks)
        #expect((5...12).contains(sites.subtasks))
    }

    @Test func findsTheClosedFormOfTwoGroups() throws {
        let result = try fit([groups((3, of: 10), (12, of: 20)), groups((2, of: 10), (8, of: 10))])
        // 5 of 20 without, 20 of 30 with.
        let odds = (log(5.0 / 15), log(20.0 / 10))
        #expect(abs(result.estimates[0] - odds.0) < 1e-12)
        #expect(abs(result.estimates[1] - (odds.1 - odds.0)) < 1e-12)
        #expect(abs(result.standardErrors[0] - (1.0 / 5 + 1.0 / 15).squareRoot()) < 1e-9)
        #expect(abs(result.standardErrors[1] - (1.0 / 5 + 1.0 / 15 + 1.0 / 20 + 1.0 / 10).squareRoot()) < 1e-9)
        #expect(result.count == 50)
    }

    @Test(arguments: [
        // Everyone with x has the outcome and nobody without; then only one of the two.
        ((0, 20), (20, 20)),
        ((5, 20), (20, 20)),
    ])
    func refusesSeparation(without: (Int, Int), with: (Int, Int)) {
        for rounds in [25, 200] {
            let error = #expect(throws: AlgorithmError.self) {
                try fit([groups((without.0, of: without.1), (with.0, of: with.1))], maxRounds: rounds)
            }
            #expect(error?.message.contains("(separation)") == true)
        }
    }

    @Test func refusesDependentColumns() {
        let rows = (0..<20).map { "\($0 % 3 == 0 ? 1 : 0),\($0),\(2 * $0 + 1),7" }.joined(separator: "\n")
        let table = "y,x,double,constant\n" + rows
        for (columns, name) in [(["x", "double"], "double"), (["constant"], "constant")] {
            let error = #expect(throws: AlgorithmError.self) { try fit([table], columns: columns) }
            #expect(error?.message.hasPrefix("column \"\(name)\" is constant or follows") == true)
        }
    }

    @Test func givesUpAfterTheRoundsAllowed() {
        let error = #expect(throws: AlgorithmError.self) { try fit([groups((3, of: 10), (8, of: 10))], maxRounds: 2) }
        #expect(error?.message.hasPrefix("the fit did not converge in 2 rounds") == true)
    }

    @Test func halvesAStepThatMakesTheFitWorse() throws {
        func sums(_ likelihood: Double) -> LogisticSums {
            LogisticSums(
                count: 10, missing: 0, logLikelihood: likelihood, gradient: [2, 0], information: [[1], [0, 1]])
        }
        var fit = try LogisticFit(LogisticModel(outcome: "y", columns: ["x"]), maxRounds: 25, tolerance: 1e-8)
        #expect(try fit.absorb(sums(-10)) == .evaluate([2, 0]))
        #expect(try fit.absorb(sums(-11)) == .evaluate([1, 0]))
        #expect(try fit.absorb(sums(-12)) == .evaluate([0.5, 0]))
        #expect(try fit.absorb(sums(-9)) == .evaluate([2.5, 0]))
    }

    @Test func survivesCoefficientsThatWouldOverflow() throws {
        let model = try LogisticModel(outcome: "y", columns: ["x"])
        let sums = LogisticSums(try data(groups((3, of: 10), (8, of: 10)), model), at: [-800, 1600])
        #expect(sums.logLikelihood == -800 * 5)
        #expect(sums.gradient == [3 - 2, -2])
        #expect(sums.information.joined().allSatisfy { $0.isFinite })
    }

    @Test func leavesOutIncompleteRows() throws {
        let model = try LogisticModel(outcome: "y", columns: ["x"])
        let data = try data("y,x\n1,\n,2\n" + groups((3, of: 10), (8, of: 10)).dropFirst(4), model)
        #expect(data.rows.count == 20)
        #expect(data.missing == 2)
        let sums = LogisticSums(data, at: [0.5, -0.25])
        #expect(try LogisticSums(partialResult: JSONValue(parsing: sums.partialResult.text(.python))) == sums)
    }

    @Test func refusesFewRowsAndOtherOutcomes() throws {
        let model = try LogisticModel(outcome: "y", columns: ["x"])
        #expect(throws: AlgorithmError.self) { try data(groups((1, of: 2), (2, of: 3)), model) }
        let error = #expect(throws: AlgorithmError.self) { try data("y,x\n2,1\n", model) }
        #expect(error?.message == "the outcome \"y\" must be 0 or 1 in every row")
    }

    @Test(arguments: [[], ["x", "x"], ["y"], ["intercept"]])
    func refusesModelsWithoutSense(columns: [String]) {
        #expect(throws: AlgorithmError.self) { try LogisticModel(outcome: "y", columns: columns) }
    }

    @Test func refusesWhatAreNoSums() {
        let good =
            #"{"count": 1, "missing": 0, "log_likelihood": -1, "gradient": [1, 2], "information": [[1], [1, 2]]}"#
        #expect(throws: Never.self) { try LogisticSums(partialResult: JSONValue(parsing: good)) }
        for (part, other) in [("[1, 2]]", "[1]]"), ("-1", "NaN"), ("[1, 2],", "[],"), ("\"count\"", "\"rows\"")] {
            let bad = good.replacing(part, with: other, maxReplacements: 1)
            #expect(throws: AlgorithmError.self) { try LogisticSums(partialResult: JSONValue(parsing: bad)) }
        }
    }

    @Test func solvesAndInvertsByCholesky() throws {
        // Columns of very different size.
        let matrix = [[4e12], [2e6, 5], [1e6, 1, 3]]
        let cholesky = try Cholesky(matrix)
        let x = cholesky.solve([4e12 + 4e6 + 3e6, 2e6 + 10 + 3, 1e6 + 2 + 9])
        for (found, expected) in zip(x, [1.0, 2, 3]) { #expect(abs(found - expected) < 1e-9) }
        #expect(cholesky.inverseDiagonal.count == 3)
        #expect(abs(try Cholesky([[4]]).inverseDiagonal[0] - 0.25) < 1e-15)
        #expect(throws: Cholesky.NotPositiveDefinite(index: 1)) { try Cholesky([[1], [1, 1]]) }
    }
}
