// SPDX-License-Identifier: Apache-2.0

/// What of a growing log was shown already.
///
/// The server adds whole lines while the run goes, the last one without its line end. The node sends the whole log at
/// the end, which replaces the lines and may differ in line ends; so lines are compared, not bytes.
struct LogCursor: Sendable, Equatable {
    private var shown: [Substring] = []

    /// The lines that are new in this state of the log, without line ends.
    mutating func advance(to log: String) -> [String] {
        var lines = log.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        var common = 0
        while common < shown.count, common < lines.count, shown[common] == lines[common] { common += 1 }
        // A last line that grew is shown anew, whole. A log that was rewritten further up is not shown twice: it goes on
        // behind as many lines as were shown.
        let hasGrown = common == shown.count - 1 && common < lines.count && lines[common].hasPrefix(shown[common])
        let start = hasGrown ? common : min(max(common, shown.count), lines.count)
        let new = lines[start...]
        shown = Array(lines)
        return new.map(String.init)
    }
}
