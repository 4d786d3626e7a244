// SPDX-License-Identifier: Apache-2.0

/// Lines of text to page through, numbered from 0.
protocol Lines: RandomAccessCollection where Element == String, Index == Int {}

extension Array: Lines where Element == String {}

/// The lines of a log that are kept, with words of ours before and behind: nothing is copied to show them.
struct FramedLines: Lines {
    var head: [String] = []
    var body = PackedLines()
    var tail: [String] = []

    var startIndex: Int { 0 }
    var endIndex: Int { head.count + body.count + tail.count }

    subscript(index: Int) -> String {
        if index < head.count { return head[index] }
        let inside = index - head.count
        return inside < body.count ? body[inside] : tail[inside - body.count]
    }
}
