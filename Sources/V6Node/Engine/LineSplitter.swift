// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Cuts a stream of bytes into lines.
struct LineSplitter: Sendable {
    private var pending = Data()

    /// The lines that are complete with this piece, without their ends.
    mutating func feed(_ piece: Data) -> [Data] {
        pending.append(piece)
        var lines = pending.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        pending = lines.popLast().map { Data($0) } ?? Data()
        return lines.map { Data($0) }
    }
}
