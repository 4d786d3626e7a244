// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Tests with a folder, which are those with a server, a node or a database.
private let places = Places(12)

/// A folder that is there while `body` runs.
public func withTemporaryDirectory<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    try await places.run { try await withFolder(body) }
}

private func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    // Short, because the path of a Unix socket inside must fit 107 bytes.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("v6-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let outcome: Swift.Result<Result, any Error>
    do { outcome = .success(try await body(folder)) } catch { outcome = .failure(error) }
    try FileManager.default.removeItem(at: folder)
    return try outcome.get()
}
