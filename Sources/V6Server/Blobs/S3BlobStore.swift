// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import V6Kit

/// Inputs and results kept as objects of a bucket.
///
/// What is larger than a part is sent in parts as it comes in, and fetched piece by piece, so that a blob of any size
/// takes the memory of one part and no place on the disk.
struct S3BlobStore: BlobStore {
    let client: S3Client
    /// The largest blob, in bytes.
    let maximumSize: Int
    /// At least the 5 MiB that the protocol asks for; it allows 10,000 of them.
    var partSize = 8 << 20
    /// How much is fetched at a time.
    var pieceSize = 4 << 20

    func store(_ upload: any AsyncSequence<Data, any Error> & Sendable) async throws -> String {
        let name = BlobName.new()
        var parts = Parts(name: name, client: client)
        do {
            var waiting = Data()
            var size = 0
            for try await piece in upload {
                size += piece.count
                guard size <= maximumSize else {
                    throw Failure.other(413, "The upload is larger than \(maximumSize) bytes.")
                }
                waiting.append(piece)
                if waiting.count >= partSize {
                    try await parts.add(waiting)
                    waiting = Data()
                }
            }
            try await parts.finish(waiting)
        } catch {
            await parts.abort()
            throw error
        }
        return name
    }

    func open(_ name: String) async throws -> ByteSource? {
        guard BlobName.isValid(name), let count = try await client.size(name) else { return nil }
        let done = Mutex(0)
        return ByteSource(count: count) { [client, pieceSize] in
            let start = done.withLock(\.self)
            guard start < count else { return nil }
            let piece = try await client.get(name, start..<min(count, start + pieceSize))
            done.withLock { $0 = start + piece.count }
            return piece
        }
    }

    func remove(_ name: String) async throws {
        guard BlobName.isValid(name) else { return }
        try await client.delete(name)
    }

    func probe() async throws -> String {
        let name = BlobName.new()
        do {
            try await client.put(name, Data())
            try await client.delete(name)
        } catch let error as StoreError {
            throw StartError("\(error.description); the bucket is \(client.bucket.name) at \(client.bucket.endpoint)")
        }
        return "the bucket \(client.bucket.name) at \(client.bucket.endpoint)"
    }

    /// An object on its way in.
    private struct Parts {
        let name: String
        let client: S3Client
        private var upload: String?
        private var tags: [String] = []

        init(name: String, client: S3Client) {
            self.name = name
            self.client = client
        }

        mutating func add(_ data: Data) async throws {
            let upload: String
            if let begun = self.upload { upload = begun } else { upload = try await client.begin(name) }
            self.upload = upload
            tags.append(try await client.put(name, upload: upload, part: tags.count + 1, data))
        }

        /// Stores the rest; what is small comes in one piece.
        mutating func finish(_ rest: Data) async throws {
            guard upload != nil else { return try await client.put(name, rest) }
            if !rest.isEmpty { try await add(rest) }
            if let upload { try await client.complete(name, upload: upload, tags: tags) }
        }

        /// Gives up; also when the client's request was cancelled.
        func abort() async {
            guard let upload else { return }
            await Task { [client, name] in
                // A store that is away now removes unfinished uploads by the rule its operator set.
                try? await client.abort(name, upload: upload)
            }.value
        }
    }
}
