// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Inputs and results that the server keeps beside its database (`encryption`, §4).
extension V6Client {
    /// Whether the server wants inputs as blobs; a server that does not know the question does not.
    /// - Throws: ``APIError``.
    public func usesBlobStore() async throws -> Bool {
        do {
            return try await call("GET", "/blobstream/status").json["blob_store_enabled"]?.boolValue ?? false
        } catch let error as APIError where [404, 405, 501].contains(error.status) {
            return false
        }
    }

    /// Stores bytes and returns their name.
    /// - Throws: ``APIError``.
    public func uploadBlob(_ data: Data) async throws -> String {
        let answer = try await callRaw("POST", "/blobstream", body: (data, "application/octet-stream")).body
        guard let name = (try? JSONValue(parsing: answer))?["uuid"]?.stringValue else {
            throw APIError(
                kind: .serverFault, message: "the server took the blob but did not name it", request: "POST /blobstream"
            )
        }
        return name
    }

    /// The bytes with that name; `report` hears how far they have come.
    /// - Throws: ``APIError``.
    public func downloadBlob(
        _ name: String, report: (DownloadProgress) throws -> Void = { _ in }
    ) async throws -> Data {
        try await fetch("/blobstream/\(name)", report: report)
    }
}
