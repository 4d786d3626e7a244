// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Prints the logs of some runs as they grow.
struct RunLogPrinter {
    let context: CommandContext
    /// Whether lines need the name of their organization in front.
    let labelled: Bool
    let names: NameIndex
    /// How many lines of what is there at first.
    let tail: Int?
    let grep: String?
    let isJSON: Bool
    /// Whether each line begins with its time.
    var showsTimes = false
    /// Only lines that came at this time or later; one whose time nobody knows came before.
    var since: Timestamp?
    private var cursors: [Int: LogCursor] = [:]
    /// What the server remembers of each run: the times of its lines, in order.
    private var known: [Int: ArraySlice<LogLine>] = [:]

    init(context: CommandContext, labelled: Bool, names: NameIndex, tail: Int?, grep: String?, isJSON: Bool) {
        self.context = context
        self.labelled = labelled
        self.names = names
        self.tail = tail
        self.grep = grep
        self.isJSON = isJSON
    }

    /// Whether a run's record says that nothing more will come.
    static func isFinished(_ run: JSONValue) -> Bool {
        run["status"]?.stringValue.flatMap { RunStatus(rawValue: $0) }?.isFinished ?? true
    }

    /// Takes the times of a run's lines.
    mutating func learn(_ lines: [LogLine], of run: Int) { known[run] = lines[...] }

    /// The time of the next line of a run: as the server remembers it, or now for one that came while we followed.
    private mutating func time(of line: String, in run: Int, isFirst: Bool) -> Timestamp? {
        if let index = known[run]?.firstIndex(where: { $0.text == line }) {
            let time = known[run]?[index].time
            known[run] = known[run]?[(index + 1)...]
            return time
        }
        return isFirst ? nil : context.console.now()
    }

    /// Prints what is new in a run's record.
    mutating func print(_ run: JSONValue) throws {
        guard let id = run["id"]?.intValue else { return }
        let isFirst = cursors[id] == nil
        var lines = cursors[id, default: LogCursor()].advance(to: run["log"]?.stringValue ?? "")
        var times: [Timestamp?] = lines.map { _ in nil }
        if showsTimes || since != nil {
            times = lines.map { time(of: $0, in: id, isFirst: isFirst) }
            if let since {
                let recent = zip(lines, times).filter { $0.1.map { $0 >= since } ?? false }
                (lines, times) = (recent.map(\.0), recent.map(\.1))
            }
        }
        if isFirst, let tail {
            lines = Array(lines.suffix(tail))
            times = Array(times.suffix(tail))
        }
        if let grep {
            let wanted = zip(lines, times).filter { $0.0.contains(grep) }
            (lines, times) = (wanted.map(\.0), wanted.map(\.1))
        }
        guard !lines.isEmpty else { return }
        let organization = run.value(at: "organization.id")?.intValue
        let name = organization.map { names.name(.organization, $0) } ?? ""
        let text = zip(lines, times).map { line, time in
            if isJSON {
                var object: JSONObject = [
                    "run_id": JSONValue(id), "organization_id": organization.map { JSONValue($0) } ?? .null,
                    "text": .string(line),
                ]
                if showsTimes { object["time"] = JSONValue(time?.text) }
                return JSONValue.object(object).text() + "\n"
            }
            let stamp = showsTimes ? (time?.text ?? "-").padded(to: 26) + "  " : ""
            return labelled ? "\(name) │ \(stamp)\(line)\n" : "\(stamp)\(line)\n"
        }
        try context.write(text.joined())
    }
}
