// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import V6Kit

/// The objects of a page that is too long to be made at once: read and sent in parts, so that memory stays small.
///
/// Which rows belong to the page is known from its first transaction. Each part is read in one of its own, with the caller
/// looked up anew; a row that is gone by then is left out.
final class LongPage: Sendable {
    /// Makes the JSON of a few rows, with commas between the objects.
    typealias Part = @Sendable (_ keys: [Int64]) async throws -> JSONText

    private struct State {
        var position = 0
        var step = LongPage.most
        var hasObjects = false
        var isOver = false
    }

    /// How many rows are read at once, at most.
    static let most = 1_000
    /// The bytes above which a part counts as large, so that the next one has fewer rows.
    private static let largePart = 2 << 20

    private let keys: [Int64]
    private let tail: JSONText
    private let part: Part
    private let state = Mutex(State())

    /// A page with the rows of these keys, and what follows their list: the other members of the page's object.
    init(keys: [Int64], tail: JSONText, part: @escaping Part) {
        self.keys = keys
        self.tail = tail
        self.part = part
    }

    /// The page as bytes, fetched piece by piece.
    var source: ByteSource { ByteSource(count: nil, next: next) }

    @Sendable private func next() async throws -> Data? {
        let (range, isOver) = state.withLock { state in
            let range = state.position..<min(state.position + state.step, keys.count)
            return (range, state.isOver)
        }
        if isOver { return nil }
        var piece = Data(range.lowerBound == 0 ? #"{"data":["#.utf8 : "".utf8)
        if range.isEmpty {
            piece.append(contentsOf: "],".utf8)
            piece.append(contentsOf: tail.bytes.dropFirst())
        } else {
            // A list of its own, of which the brackets are left out.
            let objects = try await part(Array(keys[range])).bytes.dropFirst().dropLast()
            if state.withLock(\.hasObjects), !objects.isEmpty { piece.append(UInt8(ascii: ",")) }
            piece.append(contentsOf: objects)
            state.withLock { $0.hasObjects = $0.hasObjects || !objects.isEmpty }
        }
        state.withLock { state in
            state.position = range.upperBound
            state.isOver = range.isEmpty
            state.step = piece.count > Self.largePart ? max(1, range.count / 4) : min(Self.most, state.step * 2)
        }
        // An empty piece would end the whole.
        return piece.isEmpty ? try await next() : piece
    }
}
