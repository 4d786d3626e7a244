// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The output of a run on its way to the server: read, encrypted and encoded piece by piece, whatever its size.
struct ResultFile: Sendable {
    /// A multiple of 3, so that the base64 of the pieces is the base64 of the whole.
    private static let pieceSize = 48 << 10

    /// Nil for a result of no bytes.
    private let path: String?
    private let count: Int
    /// Nil in open collaborations.
    private let sealer: EnvelopeSealer?

    /// A result that no longer changes.
    init(path: String?, count: Int, sealer: EnvelopeSealer?) {
        self.path = path
        self.count = path == nil ? 0 : count
        self.sealer = sealer
    }

    /// A JSON object with the result as text in its member `result`, before the other members.
    func document(with members: JSONObject) -> HTTPUpload {
        let before = Data(#"{"result": ""#.utf8) + (sealer?.header ?? Data())
        let after = Data("\", ".utf8) + JSONValue.object(members).data().dropFirst()
        return upload(before: before, isText: true, after: after)
    }

    /// The content of a blob.
    var blob: HTTPUpload { upload(before: sealer?.header ?? Data(), isText: sealer == nil, after: Data()) }

    private func upload(before: Data, isText: Bool, after: Data) -> HTTPUpload {
        let length = isText ? (count + 2) / 3 * 4 : count
        return HTTPUpload(count: before.count + length + after.count) {
            var pieces = try Pieces(path: path, count: count)
            var sealer = sealer
            var ends = [before, after].filter { !$0.isEmpty }
            let hasAfter = !after.isEmpty
            return {
                if ends.count > (hasAfter ? 1 : 0) { return ends.removeFirst() }
                if var piece = try pieces.next(Self.pieceSize) {
                    if sealer != nil { piece = try sealer?.seal(piece) ?? piece }
                    return isText ? piece.base64EncodedData() : piece
                }
                return ends.isEmpty ? Data() : ends.removeFirst()
            }
        }
    }

    /// The bytes of a file up to a length that was promised.
    private struct Pieces {
        private let file: FileHandle?
        private var left: Int

        init(path: String?, count: Int) throws {
            file = try path.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: $0)) }
            left = count
        }

        /// The next piece; nil at the end.
        mutating func next(_ size: Int) throws -> Data? {
            guard left > 0 else { return nil }
            let wanted = min(size, left)
            guard let piece = try file?.read(upToCount: wanted), piece.count == wanted else {
                throw NodeError(.software, "an output file became shorter while it was sent")
            }
            left -= wanted
            return piece
        }
    }
}
