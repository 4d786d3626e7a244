// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Takes the frames of an engine's log stream apart, wherever the transport split them.
///
/// A frame is 8 bytes (stream 0...2, three zero bytes, big-endian length) and then that many bytes of text.
struct LogDemultiplexer: Sendable {
    private var header: [UInt8] = []
    private var remaining = 0

    /// The text in a piece of the stream.
    ///
    /// Both streams of the container come in the order in which they were written.
    mutating func feed(_ piece: Data) -> Data {
        var text = Data()
        var position = piece.startIndex
        while position < piece.endIndex {
            if remaining > 0 {
                let end = min(piece.endIndex, position + remaining)
                text.append(piece[position..<end])
                remaining -= end - position
                position = end
            } else {
                header.append(piece[position])
                position += 1
                if header.count == 8 {
                    remaining = header[4...].reduce(0) { $0 << 8 | Int($1) }
                    header = []
                }
            }
        }
        return text
    }
}
