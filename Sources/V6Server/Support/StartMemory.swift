// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Gives back memory that only the start needed.
///
/// Loading the libraries, reading the configuration and checking the schema touch much code that then lies idle. Its
/// pages count as memory of this process until the machine runs short of it. They are unchanged parts of files: what
/// is needed again is mapped again where it is used.
enum StartMemory {
    /// Gives back the code that was used so far.
    static func release() {
        for range in codeRanges(String(decoding: content(of: "/proc/self/maps"), as: UTF8.self)) {
            guard let start = UnsafeMutableRawPointer(bitPattern: range.lowerBound) else { continue }
            madvise(start, range.count, MADV_DONTNEED)
        }
    }

    /// The bytes of one of the kernel's files; it tells no size, and gives a page at a time.
    private static func content(of path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &piece, piece.count)
            guard count > 0 else { return content }
            content.append(contentsOf: piece[..<count])
        }
    }

    /// The addresses of the code in files, from the kernel's list of what is mapped.
    ///
    /// Only what can be executed and not written: no byte of it can differ from the file.
    static func codeRanges(_ maps: String) -> [Range<UInt>] {
        maps.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { return nil }
            let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
        }
    }
}
