// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The last lines of a text that grows: bounded in bytes, so that a talkative algorithm does not fill the memory.
struct LogBuffer: Hashable, Sendable {
    /// What is kept of a log, bytes: 50,000 lines of 100 characters.
    static let maximumSize = 6_000_000
    static let maximumLineLength = 8_192

    private(set) var lines = PackedLines()
    /// How many older lines are gone.
    private(set) var dropped = 0
    private var isLineOpen = false
    private var answer: Answer?

    /// When an answer brought this text, and how many of its last lines no event has told of yet.
    private struct Answer: Hashable {
        var at: Timestamp
        var untold: Int
    }

    init(_ text: String = "") {
        append(text)
    }

    /// Adds text as it comes; a line may arrive in pieces.
    mutating func append(_ text: String, at time: Timestamp? = nil) {
        guard !text.isEmpty else { return }
        let normalized = text.contains("\r\n") ? text.replacing("\r\n", with: "\n") : text
        var pieces = normalized.split(separator: "\n", omittingEmptySubsequences: false)[...]
        if isLineOpen, let first = pieces.first, let last = lines.indices.last {
            let line = Self.cut(lines[last] + Self.afterReturn(first))
            let came = lines[timeOf: last]
            lines.removeLast()
            lines.append(line, at: came)
            pieces = pieces.dropFirst()
        }
        for piece in pieces { lines.append(Self.cut(Self.afterReturn(piece)), at: time) }
        isLineOpen = !normalized.hasSuffix("\n")
        if !isLineOpen, lines.last?.isEmpty == true { lines.removeLast() }
        // A tenth more than is kept: then it is seldom that what is kept has to move.
        if lines.size > Self.maximumSize + Self.maximumSize / 10 { dropped += lines.shrink(to: Self.maximumSize) }
    }

    /// How long after an answer an event may still tell of lines that it brought, seconds.
    private static let delay = 5.0
    /// How many lines of an answer an event is looked for in.
    private static let maximumUntold = 2_000

    /// Takes an event in: whole lines, which an answer may have brought already.
    ///
    /// The server tells of lines when it stores them, so a question asked at that moment can be answered before the event
    /// comes. 4.15.2 numbers neither.
    mutating func tell(_ text: String, at time: Timestamp) {
        let told = LogBuffer(text).lines
        if let answer, time.seconds(since: answer.at) < Self.delay, !told.isEmpty {
            let first = lines.count - answer.untold
            for start in stride(from: lines.count - told.count, through: first, by: -1)
            where told.indices.allSatisfy({ told[$0] == lines[start + $0] }) {
                for line in start..<start + told.count where lines[timeOf: line] == nil { lines[timeOf: line] = time }
                self.answer = Answer(at: answer.at, untold: lines.count - start - told.count)
                return
            }
        }
        answer = nil
        isLineOpen = false
        append(text, at: time)
    }

    /// What is known once the server has answered with its text of a log.
    ///
    /// What answers and events brought before may be ahead of the answer while the run goes on.
    init(answer text: String, at time: Timestamp, after known: LogBuffer?, isOver: Bool) {
        self.init(text)
        guard let known else {
            answer = Answer(at: time, untold: min(lines.count, Self.maximumUntold))
            return
        }
        let told = known.dropped + known.lines.count - (known.answer?.untold ?? 0)
        let untold = max(0, min(dropped + lines.count - told, lines.count, Self.maximumUntold))
        if !isOver, known.isAhead(of: self) {
            self = known
            return
        }
        takeTimes(of: known.timed)
        answer = Answer(at: time, untold: untold)
    }

    /// Whether these are the lines of an older state of the log and more.
    private func isAhead(of older: LogBuffer) -> Bool {
        dropped == older.dropped && lines.count > older.lines.count
            && older.lines.indices.allSatisfy { lines[$0] == older.lines[$0] }
    }

    /// Takes the times of lines that another buffer saw come: of equal lines in the same order.
    mutating func takeTimes(of seen: [(line: String, time: Timestamp)]) {
        var index = 0
        for (line, time) in seen {
            guard let place = lines[index...].firstIndex(of: line) else { continue }
            if lines[timeOf: place] == nil { lines[timeOf: place] = time }
            index = place + 1
        }
    }

    /// The lines whose time is known, with it.
    var timed: [(line: String, time: Timestamp)] {
        lines.indices.compactMap { index in lines[timeOf: index].map { (lines[index], $0) } }
    }

    /// What stands above the lines where older ones are gone.
    var droppedNote: [String] { dropped > 0 ? ["… \(dropped) older lines are no longer kept here"] : [] }

    /// The whole text that is kept.
    var text: String { lines.joined(separator: "\n") + (isLineOpen || lines.isEmpty ? "" : "\n") }

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
