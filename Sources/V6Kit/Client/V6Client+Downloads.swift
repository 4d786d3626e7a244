// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// How far a download is, in bytes.
public struct DownloadProgress: Sendable, Hashable {
    /// What has come.
    public var received: Int
    /// All there is; nil where the server does not tell.
    public var total: Int?

    /// A state from its parts.
    public init(received: Int, total: Int?) {
        self.received = received
        self.total = total
    }
}

extension V6Client {
    /// Reads an answer of any length; the time it takes in all is not limited, only how long it may stand still.
    /// - Parameters:
    ///   - path: the path below the API path.
    ///   - report: hears how far it is, with each piece.
    /// - Returns: the whole body.
    /// - Throws: ``APIError`` for any answer above 210 and when it does not come to its end; `CancellationError`.
    public func fetch(_ path: String, report: (DownloadProgress) throws -> Void) async throws -> Data {
        let stream = try await download(path)
        // What a compressed answer becomes is told by nobody.
        let isCompressed = stream.headers["content-encoding"].map { $0 != "identity" } ?? false
        var progress = DownloadProgress(
            received: 0, total: isCompressed ? nil : stream.headers["content-length"].flatMap { Int($0) })
        var data = Data()
        data.reserveCapacity(min(progress.total ?? 0, 1 << 30))
        do {
            for try await piece in stream.body {
                data.append(piece)
                progress.received = data.count
                try report(progress)
            }
        } catch let error as TransportError {
            throw APIError(kind: .unreachable, message: error.message, request: "GET \(path)")
        }
        progress.total = data.count
        try report(progress)
        // A reader that was told to stop gets an end, not an error.
        try Task.checkCancellation()
        return data
    }
}

extension Resource<RunResult> {
    /// The result of a run as the server has it, of any length.
    /// - Throws: ``APIError``; `CancellationError`.
    public func fetch(_ id: Int, report: (DownloadProgress) throws -> Void) async throws -> RunResult {
        let path = "\(self.path)/\(id)"
        return try V6Client.decoded(try await client.fetch(path, report: report), request: "GET \(path)")
    }
}
