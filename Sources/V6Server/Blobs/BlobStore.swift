// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where large inputs and results are kept outside the database, each under a UUID.
protocol BlobStore: Sendable {
    /// Stores what comes in and gives its name.
    ///
    /// - Throws: ``Failure`` 413 when it is too large; nothing is kept then, nor when the client breaks off.
    func store(_ upload: any AsyncSequence<Data, any Error> & Sendable) async throws -> String

    /// Opens a blob; nil when there is none of that name.
    func open(_ name: String) async throws -> ByteSource?

    /// Removes a blob; one that is not there is as good as removed.
    func remove(_ name: String) async throws

    /// Says in words for the operator where the blobs are, once it is sure that they can be kept there.
    ///
    /// - Throws: ``StartError`` with what stands in the way.
    func probe() async throws -> String
}

/// The names of blobs.
enum BlobName {
    /// A name nobody has yet.
    static func new() -> String { UUID().uuidString.lowercased() }

    /// Whether a text can be the name of a blob; anything else never reaches a store.
    static func isValid(_ text: String) -> Bool { UUID(uuidString: text) != nil && text == text.lowercased() }
}
