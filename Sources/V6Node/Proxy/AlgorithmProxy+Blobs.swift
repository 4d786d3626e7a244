// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// Inputs and results that the server keeps as blobs: they pass through in constant memory (4.15.2).
extension AlgorithmProxy {
    /// The longest refusal of the server that is passed on.
    private static let longestRefusal = 1 << 20

    /// Encrypts what the algorithm sends, and passes it on to the server.
    ///
    /// The bytes are kept in a file of the run first: their number must be known, and the server may be slower than the
    /// algorithm.
    func upload(_ request: Request, _ pieces: some AsyncSequence<Data, any Error>) async -> Answer {
        guard isAuthorized(request) else { return Self.unauthorized }
        guard let wire = request.publicKey, !wire.isEmpty else {
            return .message(400, "The header X-Public-Key is missing: the key of the organization the blob is for")
        }
        let spool = "\(blobs.folder)/upload-\(UUID().uuidString)"
        defer {
            // A run removes its folder with everything in it at its end.
            try? FileManager.default.removeItem(atPath: spool)
        }
        do {
            var sealer: EnvelopeSealer?
            if payload.isEncrypted {
                let key = try PublicKey(wire: wire)
                guard try keys.accepts(key) else {
                    return .message(403, "The node does not know the key \(key.fingerprint) as one of an organization")
                }
                sealer = try EnvelopeSealer(for: key)
            }
            guard let count = try await Self.write(pieces, to: spool, atMost: blobs.limit) else {
                return .message(413, "The node takes blobs of at most \(blobs.limit >> 20) MiB")
            }
            let response = try await transport.send(
                HTTPRequest(
                    method: "POST", url: address.url("/blobstream"),
                    headers: [
                        ("Authorization", request.authorization ?? ""), ("Content-Type", "application/octet-stream"),
                    ], upload: ResultFile(path: spool, count: count, sealer: sealer).blob, idleTimeout: .seconds(300)))
            return Answer(
                status: response.status, contentType: response.headers["Content-Type"] ?? "application/json",
                body: response.body)
        } catch let error as TransportError {
            return .message(502, "The node cannot reach the server: \(error.message)")
        } catch let error as CryptographyError {
            return .message(400, "The header X-Public-Key holds no usable key: \(error)")
        } catch {
            logger.error("a blob of the algorithm could not be passed on: \(error)")
            return .message(500, "The node failed to pass the blob on: \(error)")
        }
    }

    /// Fetches a blob, and opens it on the way.
    func download(_ request: Request) async throws -> Answer {
        let stream = try await transport.stream(
            HTTPRequest(
                url: address.url(request.path), headers: [("Authorization", request.authorization ?? "")],
                idleTimeout: .seconds(300)))
        let type = stream.headers["Content-Type"] ?? "application/json"
        guard (200..<300).contains(stream.status), type.hasPrefix("application/octet-stream") else {
            var body = Data()
            for try await piece in stream.body where body.count < Self.longestRefusal { body.append(piece) }
            return Answer(status: stream.status, contentType: type, body: body)
        }
        let reader = BlobReader(stream.body, BlobOpener(key: payload.key))
        do {
            // The first bytes tell whether it can be opened at all: later it is too late for another status.
            let first = try await reader.next() ?? Data()
            return Answer(
                status: stream.status, contentType: type, body: first,
                rest: AsyncThrowingStream { try await reader.next() })
        } catch let error as CryptographyError {
            logger.error("a subtask's result cannot be decrypted: \(error)")
            return .message(502, "The node cannot decrypt the blob: \(error)")
        }
    }

    /// Writes pieces to a file; gives their number of bytes, or nil when there are too many.
    private static func write(
        _ pieces: some AsyncSequence<Data, any Error>, to path: String, atMost limit: Int
    ) async throws -> Int? {
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path)
        else { throw NodeError(.software, "\(path) cannot be written") }
        defer { try? file.close() }
        var count = 0
        for try await piece in pieces {
            count += piece.count
            guard count <= limit else { return nil }
            try file.write(contentsOf: piece)
        }
        return count
    }
}

/// Opens a blob piece by piece; the unfolding of a stream calls it from one task at a time.
private actor BlobReader {
    private var pieces: AsyncThrowingStream<Data, any Error>.AsyncIterator
    private var opener: BlobOpener
    private var isAtEnd = false

    init(_ pieces: AsyncThrowingStream<Data, any Error>, _ opener: BlobOpener) {
        self.pieces = pieces.makeAsyncIterator()
        self.opener = opener
    }

    func next() async throws -> Data? {
        while !isAtEnd {
            var iterator = pieces
            guard let piece = try await iterator.next(isolation: #isolation) else {
                isAtEnd = true
                return try opener.finish()
            }
            pieces = iterator
            let plain = try opener.feed(piece)
            if !plain.isEmpty { return plain }
        }
        return nil
    }
}
