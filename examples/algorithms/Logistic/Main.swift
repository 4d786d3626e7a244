// SPDX-License-Identifier: Apache-2.0

internal import V6Kit

/// Logistic regression on a table that is spread over sites.
@main
enum Main {
    static func main() async {
        await AlgorithmProgram([.logistic, .partialLogistic]).run()
    }
}
