// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// The result of a run in clear.
public struct DecodedResult: Sendable {
    /// What came of reading it.
    public enum Content: Sendable, Hashable {
        /// JSON, as the algorithms of the field write it.
        case json(JSONValue)
        /// Bytes that are no JSON.
        case bytes(Data)
        /// Nothing was written; runs that failed have no result.
        case empty
        /// It cannot be read, with the reason.
        case unreadable(String)
    }

    /// The identifier of the run.
    public let run: Int
    /// The organization that ran it.
    public let organization: Int?
    /// The result.
    public let content: Content
}

extension RunResult {
    /// The result in clear.
    /// - Parameter privateKey: the key of the organization that created the task; nil for an open collaboration.
    public func decoded(isEncrypted: Bool, privateKey: PrivateKey?) -> DecodedResult.Content {
        guard let result, !result.isEmpty else { return .empty }
        do {
            let plain: Data
            if isEncrypted {
                guard let privateKey else {
                    return .unreadable("the result is encrypted; give your organization's private key to read it")
                }
                plain = try Envelope.open(result, with: privateKey)
            } else {
                plain = try PlainText.decode(result)
            }
            if plain.isEmpty { return .empty }
            return (try? JSONValue(parsing: plain)).map { .json($0) } ?? .bytes(plain)
        } catch {
            return .unreadable(error.description)
        }
    }
}

extension Resource<RunResult> {
    /// The results of all runs of a task, in clear.
    /// - Throws: ``APIError``.
    public func decoded(task id: Int, privateKey: PrivateKey?) async throws -> [DecodedResult] {
        let task = try await client.tasks.get(id)
        let isEncrypted =
            if let collaboration = task.collaboration {
                try await client.collaborations.get(collaboration.id).encrypted
            } else { false }
        let runs = try await client.runs.list([("task_id", String(id))]).all()
        let organizations = Dictionary(runs.map { ($0.id, $0.organization?.id) }, uniquingKeysWith: { first, _ in first })
        let results = try await list([("task_id", String(id))]).all()
        return results.map { result in
            DecodedResult(
                run: result.id, organization: organizations[result.id] ?? nil,
                content: result.decoded(isEncrypted: isEncrypted, privateKey: privateKey))
        }
    }
}
