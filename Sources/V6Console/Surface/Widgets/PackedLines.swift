// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Lines of text in one piece of memory, with the moment each came: a tenth of what a list of strings takes beside the text.
struct PackedLines: Lines, Hashable, Sendable {
    private var bytes: [UInt8] = []
    /// Where each line ends in `bytes`.
    private var ends: [Int] = []
    /// Microseconds since 1970; 0 where nobody saw the line come.
    private var moments: [Int64] = []

    /// Memory that lines and their book-keeping take, bytes.
    var size: Int { bytes.count + ends.count * 2 * MemoryLayout<Int>.size }

    var startIndex: Int { 0 }
    var endIndex: Int { ends.count }

    subscript(index: Int) -> String {
        String(decoding: bytes[start(of: index)..<ends[index]], as: UTF8.self)
    }

    /// When a line came; nil where nobody saw it come.
    subscript(timeOf index: Int) -> Timestamp? {
        get { moments[index] == 0 ? nil : Timestamp(microseconds: moments[index]) }
        set { moments[index] = newValue?.microseconds ?? 0 }
    }

    mutating func append(_ line: String, at time: Timestamp?) {
        bytes.append(contentsOf: line.utf8)
        ends.append(bytes.count)
        moments.append(time?.microseconds ?? 0)
    }

    mutating func removeLast() {
        bytes.removeSubrange(start(of: count - 1)...)
        ends.removeLast()
        moments.removeLast()
    }

    /// Drops the oldest lines until the rest takes no more than `size`; returns how many went.
    mutating func shrink(to size: Int) -> Int {
        var excess = self.size - size
        var dropped = 0
        while excess > 0, dropped < count {
            excess -= ends[dropped] - start(of: dropped) + 2 * MemoryLayout<Int>.size
            dropped += 1
        }
        guard dropped > 0 else { return 0 }
        let gone = ends[dropped - 1]
        bytes.removeFirst(gone)
        moments.removeFirst(dropped)
        ends.removeFirst(dropped)
        for index in ends.indices { ends[index] -= gone }
        return dropped
    }

    private func start(of index: Int) -> Int { index == 0 ? 0 : ends[index - 1] }
}
