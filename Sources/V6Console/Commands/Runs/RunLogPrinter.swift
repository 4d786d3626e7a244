// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Prints the logs of some runs as they grow.
struct RunLogPrinter {
    /// What becomes of a line.
    enum Form {
        /// The line itself.
        case text
        /// An object for each line, at once.
        case objects
        /// Objects that are printed together, when all are there.
        case list
    }

    let context: CommandContext
    /// Whether lines need the name of their organization in front.
    let labelled: Bool
    let names: NameIndex
    /// How many lines of what is there at first.
    let tail: Int?
    let grep: String?
    let form: Form
    /// Whether each line begins with its time.
    var showsTimes = false
    /// Only lines that came at this time or later; one whose time nobody knows came before.
    var since: Timestamp?
    /// Lines that are printed together at the end.
    private var kept: [JSONValue] = []
    private var cursors: [Int: LogCursor] = [:]
    /// What the server remembers of each run: the times of its lines, in order.
    private var known: [Int: ArraySlice<LogLine>] = [:]

    init(context: CommandContext, labelled: Bool, names: NameIndex, tail: Int?, grep: String?, form: Form) {
        self.context = context
        self.labelled = labelled
        self.names = names
        self.tail = tail
        self.grep = grep
        self.form = form
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
        guard form == .text else {
            let objects = zip(lines, times).map { line, time in
                var object: JSONObject = [
                    "run_id": JSONValue(id), "organization_id": organization.map { JSONValue($0) } ?? .null,
                    "text": .string(line),
                ]
                if showsTimes { object["time"] = JSONValue(time?.text) }
                return JSONValue.object(object)
            }
            if form == .list { kept += objects } else { try context.write(objects.map { $0.text() + "\n" }.joined()) }
            return
        }
        let text = zip(lines, times).map { line, time in
            let stamp = showsTimes ? (time?.text ?? "-").padded(to: 26) + "  " : ""
            return labelled ? "\(name) │ \(stamp)\(line)\n" : "\(stamp)\(line)\n"
        }
        try context.write(text.joined())
    }

    /// Prints what was kept for the end.
    func finish() throws {
        guard form == .list else { return }
        let columns: [RecordColumn] =
            [.member("run_id", .number), .member("organization_id", .number)]
            + (showsTimes ? [.member("time")] : []) + [.member("text")]
        let printer = context.printer(noun: RunResource.noun, columns: columns, names: names)
        try context.console.output.put(printer.list(kept))
    }
}
