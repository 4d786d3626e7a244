// SPDX-License-Identifier: Apache-2.0

/// What of a growing log was shown already.
///
/// The node sends lines while the run goes and the whole log at its end, which replaces the lines and may differ in line
/// ends; so lines are compared, not bytes.
struct LogCursor: Sendable, Equatable {
    private var shown: [Substring] = []

    /// The lines that are new in this state of the log.
    ///
    /// - Parameters:
    ///   - log: The whole log.
    ///   - isFinal: Whether no more will come; before that, an unfinished last line is kept back.
    /// - Returns: The new lines, without line ends.
    mutating func advance(to log: String, isFinal: Bool) -> [String] {
        var lines = log.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        let isComplete = lines.last?.isEmpty ?? true
        if isComplete { lines = lines.dropLast() } else if !isFinal { lines.removeLast() }
        var common = 0
        while common < shown.count, common < lines.count, shown[common] == lines[common] { common += 1 }
        // A log that was rewritten above what was shown is not shown twice: go on behind as many lines.
        let start = common == shown.count ? common : min(max(common, shown.count), lines.count)
        let new = lines[start...]
        shown = Array(lines)
        return new.map(String.init)
    }
}
