// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The last lines of a text that grows: bounded, so that a talkative algorithm does not fill the memory.
struct LogBuffer: Hashable, Sendable {
    static let maximumLines = 50_000
    static let maximumLineLength = 8_192

    private(set) var lines: [String] = []
    /// When each line came, as far as somebody was there to see it.
    private(set) var times: [Timestamp?] = []
    /// How many older lines are gone.
    private(set) var dropped = 0
    private var isLineOpen = false

    init(_ text: String = "") {
        append(text)
    }

    /// Adds text as it comes; a line may arrive in pieces.
    mutating func append(_ text: String, at time: Timestamp? = nil) {
        guard !text.isEmpty else { return }
        let normalized = text.replacing("\r\n", with: "\n")
        var pieces = normalized.split(separator: "\n", omittingEmptySubsequences: false)[...]
        if isLineOpen, let first = pieces.first, let last = lines.indices.last {
            lines[last] = Self.cut(lines[last] + Self.afterReturn(first))
            pieces = pieces.dropFirst()
        }
        for piece in pieces {
            lines.append(Self.cut(Self.afterReturn(piece)))
            times.append(time)
        }
        isLineOpen = !normalized.hasSuffix("\n")
        if !isLineOpen, lines.last?.isEmpty == true {
            lines.removeLast()
            times.removeLast()
        }
        if lines.count > Self.maximumLines + Self.maximumLines / 10 {
            let excess = lines.count - Self.maximumLines
            lines.removeFirst(excess)
            times.removeFirst(excess)
            dropped += excess
        }
    }

    /// Takes the times of lines that another buffer saw come: of equal lines in the same order.
    mutating func takeTimes(of seen: [(line: String, time: Timestamp)]) {
        var index = 0
        for (line, time) in seen {
            guard let place = lines[index...].firstIndex(of: line) else { continue }
            times[place] = times[place] ?? time
            index = place + 1
        }
    }

    /// The lines whose time is known, with it.
    var timed: [(line: String, time: Timestamp)] {
        zip(lines, times).compactMap { line, time in time.map { (line, $0) } }
    }

    /// Ends an unfinished line: the server puts each log event of a run on lines of its own.
    mutating func endLine() {
        isLineOpen = false
    }

    /// What a terminal would leave of a line that a progress bar wrote over with carriage returns.
    private static func afterReturn(_ line: Substring) -> String {
        guard let cut = line.lastIndex(of: "\r") else { return String(line) }
        let rest = line[line.index(after: cut)...]
        return rest.isEmpty ? String(line[..<cut]) : String(rest)
    }

    private static func cut(_ line: String) -> String {
        guard line.utf8.count > maximumLineLength else { return line }
        return String(String.UnicodeScalarView(line.unicodeScalars.prefix(maximumLineLength))) + "…"
    }
}
