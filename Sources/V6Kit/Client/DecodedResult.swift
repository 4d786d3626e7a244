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
    ///
    /// A result in a blob store is not here; see ``Resource/decoded(_:isEncrypted:privateKey:)``. `privateKey` is the key
    /// of the organization that created the task; nil for an open collaboration.
    public func decoded(isEncrypted: Bool, privateKey: PrivateKey?) -> DecodedResult.Content {
        guard let result, !result.isEmpty else { return .empty }
        do {
            guard isEncrypted else { return .init(plain: try PlainText.decode(result)) }
            guard let privateKey else { return .keyNeeded }
            return .init(plain: try Envelope.open(result, with: privateKey))
        } catch {
            return .unreadable(error.description)
        }
    }
}

extension DecodedResult.Content {
    fileprivate static let keyNeeded = Self.unreadable(
        "the result is encrypted; give your organization's private key to read it")

    fileprivate init(plain: Data) {
        if plain.isEmpty {
            self = .empty
        } else {
            self = (try? JSONValue(parsing: plain)).map { .json($0) } ?? .bytes(plain)
        }
    }
}

extension Resource<RunResult> {
    /// A result in clear, fetched from the blob store if that is where it is.
    ///
    /// `privateKey` is the key of the organization that created the task; nil for an open collaboration.
    /// - Throws: ``APIError``.
    public func decoded(
        _ result: RunResult, isEncrypted: Bool, privateKey: PrivateKey?,
        report: (DownloadProgress) throws -> Void = { _ in }
    ) async throws -> DecodedResult.Content {
        guard result.blobStorageUsed == true, let name = result.result, !name.isEmpty else {
            return result.decoded(isEncrypted: isEncrypted, privateKey: privateKey)
        }
        if isEncrypted, privateKey == nil { return .keyNeeded }
        let blob = try await client.downloadBlob(name, report: report)
        do {
            guard isEncrypted, let privateKey else {
                return .init(plain: try PlainText.decode(String(decoding: blob, as: UTF8.self)))
            }
            return .init(plain: try Envelope.openBlob(blob, with: privateKey))
        } catch {
            return .unreadable(error.description)
        }
    }

    /// The results of all runs of a task, in clear.
    /// - Throws: ``APIError``.
    public func decoded(task id: Int, privateKey: PrivateKey?) async throws -> [DecodedResult] {
        let task = try await client.tasks.get(id)
        let isEncrypted =
            if let collaboration = task.collaboration {
                try await client.collaborations.get(collaboration.id).encrypted
            } else { false }
        let runs = try await client.runs.list([("task_id", String(id))]).all()
        let organizations = Dictionary(
            runs.map { ($0.id, $0.organization?.id) }, uniquingKeysWith: { first, _ in first })
        let results = try await list([("task_id", String(id))]).all()
        var contents: [DecodedResult] = []
        for result in results {
            contents.append(
                DecodedResult(
                    run: result.id, organization: organizations[result.id] ?? nil,
                    content: try await decoded(result, isEncrypted: isEncrypted, privateKey: privateKey)))
        }
        return contents
    }
}
