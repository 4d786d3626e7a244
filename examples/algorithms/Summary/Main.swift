// SPDX-License-Identifier: Apache-2.0

internal import V6Kit

/// Count, mean, variance and range of the columns of a table that is spread over sites.
@main
enum Main {
    static func main() async {
        await AlgorithmProgram([.summary, .partialSummary]).run()
    }
}
