// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension CommandContext {
    /// The runs a reference means: `12` and `run/12` one run, `task/12` all runs of that task, in order of identifier.
    ///
    /// - Throws: `ConsoleFailure` or `APIError` (not found) when there is none.
    func runs(meantBy reference: String) async throws -> [JSONValue] {
        if let task = Int(reference) == nil ? Reference(reference).identifier(of: TaskResource.noun) : nil {
            let runs = try await runs(ofTask: task)
            guard !runs.isEmpty else { throw ConsoleFailure(.notFound, "Task \(task) has no runs that you may see.") }
            return runs.sorted { ($0["id"]?.intValue ?? 0) < ($1["id"]?.intValue ?? 0) }
        }
        let id = Reference(reference).identifier(of: RunResource.noun) ?? Reference(reference).identifier(of: "result")
        guard let id else {
            throw ConsoleFailure(
                .usage, "\(reference) is no run.", advice: "Give run/NUMBER, or task/NUMBER for all of a task.")
        }
        return [try await records.one("/run/\(id)")]
    }

    /// The input of a run in clear, also one in the server's blob store.
    ///
    /// - Parameters:
    ///   - run: The run's record.
    ///   - key: The key of the run's organization; nil for an open collaboration.
    /// - Returns: The bytes as they were before encryption.
    /// - Throws: `CryptographyError` when the key does not fit.
    func input(of run: JSONValue, key: PrivateKey?) async throws -> Data {
        let text = run["input"]?.stringValue ?? ""
        guard run["blob_storage_used"]?.boolValue == true else {
            if let key { return try Envelope.open(text, with: key) }
            return try PlainText.decode(text)
        }
        let blob = try await client.downloadBlob(text)
        if let key { return try Envelope.openBlob(blob, with: key) }
        return try PlainText.decode(String(decoding: blob, as: UTF8.self))
    }

    /// Whether the collaboration of a run's task encrypts.
    func isEncrypted(run: JSONValue) async throws -> Bool {
        guard let task = run.value(at: "task.id")?.intValue else { return false }
        let record = try await records.one("/task/\(task)")
        guard let collaboration = record.value(at: "collaboration.id")?.intValue else { return false }
        return try await records.one("/collaboration/\(collaboration)")["encrypted"]?.boolValue ?? false
    }
}
