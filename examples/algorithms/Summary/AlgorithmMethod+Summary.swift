// SPDX-License-Identifier: Apache-2.0

internal import V6Kit

extension AlgorithmMethod {
    /// Central: asks the organizations for their summaries and puts them together.
    static let summary = AlgorithmMethod("summary", parameters: ["columns", "organizations"]) { run in
        let columns = try run.arguments.strings("columns")
        let client = try run.client()
        let organizations = try await run.organizations(client)
        run.log.info("asking \(organizations.count) organizations for their summaries")
        var arguments = JSONObject()
        arguments["columns"] = columns.map { .array($0.map { .string($0) }) }
        let results = try await client.results(
            of: "partial_summary", arguments, at: organizations, name: "partial summary")
        return try TableSummary(combining: results.map { try TableSummary(partialResult: $0) }).result
    }

    /// At each site: summarizes the site's own table.
    static let partialSummary = AlgorithmMethod("partial_summary", parameters: ["columns"]) { run in
        let summary = try TableSummary(
            run.table(), columns: run.arguments.strings("columns"), minimum: MinimumRows(run.environment))
        run.log.info("summarized \(summary.columns.count) columns")
        return summary.partialResult
    }
}
