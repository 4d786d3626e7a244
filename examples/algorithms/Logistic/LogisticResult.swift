// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import V6Kit

/// A fitted model.
struct LogisticResult: Equatable {
    let model: LogisticModel
    /// The number of rows of all sites that took part.
    let count: Int
    /// The number of rows left out because a value is missing.
    let missing: Int
    /// How often the sites were asked.
    let rounds: Int
    /// The logarithm of the likelihood.
    let logLikelihood: Double
    /// The coefficients, in the order of the model.
    let estimates: [Double]
    /// Their standard errors, from the observed information.
    let standardErrors: [Double]

    /// What the researcher gets: each coefficient with its standard error, its ratio z, and the two-sided p of z.
    var json: JSONValue {
        var coefficients = JSONObject()
        for (index, name) in model.coefficients.enumerated() {
            let z = estimates[index] / standardErrors[index]
            coefficients[name] = [
                "estimate": .number(estimates[index]),
                "standard_error": .number(standardErrors[index]),
                "z": .number(z),
                "p": .number(erfc(abs(z) / 2.0.squareRoot())),
            ]
        }
        return [
            "outcome": .string(model.outcome),
            "count": JSONValue(count),
            "missing": JSONValue(missing),
            "rounds": JSONValue(rounds),
            "log_likelihood": .number(logLikelihood),
            "coefficients": .object(coefficients),
        ]
    }
}
