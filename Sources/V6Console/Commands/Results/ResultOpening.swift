// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension CommandContext {
    /// Reads and decrypts the result of each run.
    func opened(_ runs: [JSONValue], decrypt: Bool) async throws -> [DecodedResult.Content] {
        guard let first = runs.first else { return [] }
        let isEncrypted = decrypt ? try await isEncrypted(run: first) : false
        let key = isEncrypted ? try session.privateKey() : nil
        if isEncrypted, key == nil { throw ConsoleFailure.keyNeeded("result") }
        var contents: [DecodedResult.Content] = []
        for run in runs {
            guard let id = run.value(at: "results.id")?.intValue ?? run["id"]?.intValue else { continue }
            var meter = TransferLine(of: "result of run \(id)", in: console)
            let result = try await client.results.fetch(id) { try meter.show($0) }
            let content =
                decrypt
                ? try await client.results.decoded(result, isEncrypted: isEncrypted, privateKey: key) {
                    try meter.show($0)
                } : .json(JSONValue(result.result))
            try meter.clear()
            if case .unreadable(let reason) = content {
                throw ConsoleFailure(
                    .rejected, "The result of run \(id) cannot be read: \(reason).",
                    advice:
                        "It opens with the key of the organization that created the task; --no-decrypt prints it raw.")
            }
            contents.append(content)
        }
        if runs.count == 1, case .empty? = contents.first { throw Self.noResult(first) }
        return contents
    }

    private static func noResult(_ run: JSONValue) -> ConsoleFailure {
        let status = run["status"]?.cellText ?? "unknown"
        let isFinished = RunLogPrinter.isFinished(run)
        let id = run["id"]?.cellText ?? ""
        return ConsoleFailure(
            isFinished ? .notFound : .pending, "Run \(id) has no result; it is \(status).",
            advice: isFinished ? "Its log may say why: run logs \(id)." : "Wait for it with task wait.")
    }
}
