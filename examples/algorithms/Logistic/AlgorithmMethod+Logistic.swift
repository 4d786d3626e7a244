// SPDX-License-Identifier: Apache-2.0

internal import V6Kit

extension AlgorithmMethod {
    /// Central: fits the model, asking the organizations for their sums once a round.
    static let logistic = AlgorithmMethod(
        "logistic", parameters: ["outcome", "columns", "max_rounds", "tolerance", "organizations"]
    ) { run in
        let model = try LogisticModel(run.arguments)
        var fit = try LogisticFit(
            model, maxRounds: run.arguments.integer("max_rounds") ?? 25,
            tolerance: run.arguments.number("tolerance") ?? 1e-8)
        let client = try run.client()
        let organizations = try await run.organizations(client)
        var step = LogisticFit.Step.evaluate(fit.start)
        var round = 0
        while true {
            switch step {
            case .finished(let result):
                run.log.info("converged in \(result.rounds) rounds")
                return result.json
            case .evaluate(let coefficients):
                round += 1
                var arguments = model.arguments
                arguments["coefficients"] = .array(coefficients.map { .number($0) })
                let results = try await client.results(
                    of: "partial_logistic", arguments, at: organizations, name: "logistic round \(round)")
                let sums = try LogisticSums(combining: results.map { try LogisticSums(partialResult: $0) })
                run.log.info("round \(round): log-likelihood \(sums.logLikelihood)")
                step = try fit.absorb(sums)
            }
        }
    }

    /// At each site: the sums over the site's own rows.
    static let partialLogistic = AlgorithmMethod(
        "partial_logistic", parameters: ["outcome", "columns", "coefficients"]
    ) { run in
        let model = try LogisticModel(run.arguments)
        let coefficients = try run.arguments.required("coefficients", run.arguments.numbers("coefficients"))
        guard coefficients.count == model.coefficients.count, coefficients.allSatisfy(\.isFinite) else {
            throw AlgorithmError("argument \"coefficients\" must hold \(model.coefficients.count) finite numbers")
        }
        let data = try LogisticData(run.table(), model, minimum: MinimumRows(run.environment))
        return LogisticSums(data, at: coefficients).partialResult
    }
}
