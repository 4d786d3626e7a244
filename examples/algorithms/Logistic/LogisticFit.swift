// SPDX-License-Identifier: Apache-2.0

internal import V6Kit

/// The maximum likelihood fit as a state machine: sums of a round in, the coefficients of the next round out.
///
/// Newton's method, which for this model is iteratively reweighted least squares. A step that makes the fit worse is
/// halved.
struct LogisticFit {
    /// What to do next.
    enum Step: Equatable {
        /// Get the sums at these coefficients.
        case evaluate([Double])
        /// The fit is done.
        case finished(LogisticResult)
    }

    private let model: LogisticModel
    private let maxRounds: Int
    private let tolerance: Double

    private var current: [Double]
    private var previous: (coefficients: [Double], logLikelihood: Double)?
    private var lastSize = Double.infinity
    private var rounds = 0

    /// A fit that begins with all coefficients at zero, gives up after so many rounds, and takes a step no longer than
    /// the tolerance, measured in standard errors, as none.
    /// - Throws: ``AlgorithmError`` when a limit makes no sense.
    init(_ model: LogisticModel, maxRounds: Int, tolerance: Double) throws {
        guard maxRounds >= 1 else { throw AlgorithmError("argument \"max_rounds\" must be at least 1") }
        guard tolerance > 0, tolerance < 1 else {
            throw AlgorithmError("argument \"tolerance\" must be between 0 and 1")
        }
        self.model = model
        self.maxRounds = maxRounds
        self.tolerance = tolerance
        current = [Double](repeating: 0, count: model.coefficients.count)
    }

    /// The coefficients of the first round.
    var start: [Double] { current }

    /// Takes the sums at the coefficients asked for last.
    /// - Throws: ``AlgorithmError`` when the columns are linearly dependent or the fit does not converge.
    mutating func absorb(_ sums: LogisticSums) throws -> Step {
        guard sums.gradient.count == current.count else {
            throw AlgorithmError("the sites have sent sums of another model; do all sites run the same image?")
        }
        rounds += 1
        if let previous, sums.logLikelihood < previous.logLikelihood - 1e-10 * abs(previous.logLikelihood) {
            try checkRounds("the last step still made the fit worse")
            current = zip(current, previous.coefficients).map { ($0 + $1) / 2 }
            return .evaluate(current)
        }
        let factor = try factor(sums)
        let step = factor.solve(sums.gradient)
        let size = zip(step, sums.gradient).reduce(0) { $0 + $1.0 * $1.1 }.magnitude.squareRoot()
        let next = zip(current, step).map { $0 + $1 }
        // Near a maximum the steps shrink ever faster. When the maximum lies at infinity they shrink too, but by the same
        // factor each time, and must not be taken for convergence.
        if size <= tolerance, size <= 0.1 * lastSize {
            return .finished(
                LogisticResult(
                    model: model, count: sums.count, missing: sums.missing, rounds: rounds,
                    logLikelihood: sums.logLikelihood, estimates: next,
                    standardErrors: factor.inverseDiagonal.map { $0.squareRoot() }))
        }
        try checkRounds("the last step was \(size) standard errors long")
        lastSize = size
        previous = (current, sums.logLikelihood)
        current = next
        return .evaluate(next)
    }

    private func factor(_ sums: LogisticSums) throws -> Cholesky {
        do {
            return try Cholesky(sums.information)
        } catch {
            guard rounds > 1 else {
                let name = model.coefficients[error.index]
                throw AlgorithmError(
                    "column \"\(name)\" is constant or follows from the columns before it; leave it out")
            }
            throw notConverged("the model became certain of every row")
        }
    }

    private func checkRounds(_ reason: String) throws {
        guard rounds < maxRounds else { throw notConverged(reason) }
    }

    private func notConverged(_ reason: String) -> AlgorithmError {
        AlgorithmError(
            "the fit did not converge in \(rounds) rounds (\(reason)). Either the columns predict \"\(model.outcome)\" "
                + "without error (separation) and no finite coefficients exist: leave columns out; or \"max_rounds\" is "
                + "too small")
    }
}
