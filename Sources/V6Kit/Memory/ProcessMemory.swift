// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The memory of this process.
public enum ProcessMemory {
    /// Gives back what a start or much work left mapped and rest does not need: code and tables read once.
    ///
    /// A program touches most of its libraries while it starts, the Swift runtime alone walks through the tables of all of them.
    /// Those pages stay in the kernel's cache, whoever needs one again finds it there; but as long as they are mapped here they
    /// are the last that the kernel takes when memory is short, and count as ours.
    public static func giveBack() {
        for range in untouchedMappings(of: smaps) {
            madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
        }
    }

    /// The resident memory now, in bytes: all of it, and what is no copy of a file.
    public static var resident: (all: Int, anonymous: Int) {
        let status = String(
            decoding: FileManager.default.contents(atPath: "/proc/self/status") ?? Data(), as: UTF8.self)
        func value(_ key: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(key + ":") }
            return line?.split(separator: " ").dropFirst().lazy.compactMap { Int($0) }.first.map { $0 << 10 } ?? 0
        }
        return (value("VmRSS"), value("RssAnon"))
    }

    private static var smaps: String {
        // Piece by piece: such a file has no size, and whoever believes that gets its beginning only.
        guard let file = FileHandle(forReadingAtPath: "/proc/self/smaps") else { return "" }
        var bytes = Data()
        while let piece = try? file.read(upToCount: 65_536), !piece.isEmpty { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The mappings of files that cannot be written and hold not one page of our own: dropping them loses nothing.
    static func untouchedMappings(of smaps: String) -> [Range<UInt>] {
        var found: [Range<UInt>] = []
        var current: Range<UInt>?
        for line in smaps.split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if words.count >= 6, words[1].count == 4, let range = addresses(words[0]) {
                let isFile = words[5].hasPrefix("/") && words[1].hasPrefix("r-") && words[1].hasSuffix("p")
                current = isFile ? range : nil
            } else if words.first == "Anonymous:", words.count > 1, words[1] == "0", let range = current {
                found.append(range)
                current = nil
            }
        }
        return found
    }

    private static func addresses(_ text: Substring) -> Range<UInt>? {
        let ends = text.split(separator: "-").compactMap { UInt($0, radix: 16) }
        return ends.count == 2 && ends[0] < ends[1] ? ends[0]..<ends[1] : nil
    }
}
