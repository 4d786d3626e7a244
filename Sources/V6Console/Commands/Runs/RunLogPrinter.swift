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
    private var cursors: [Int: LogCursor] = [:]

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

    /// Prints what is new in a run's record.
    mutating func print(_ run: JSONValue) throws {
        guard let id = run["id"]?.intValue else { return }
        let isFirst = cursors[id] == nil
        var lines = cursors[id, default: LogCursor()].advance(to: run["log"]?.stringValue ?? "")
        if isFirst, let tail { lines = Array(lines.suffix(tail)) }
        if let grep { lines.removeAll { !$0.contains(grep) } }
        guard !lines.isEmpty else { return }
        let organization = run.value(at: "organization.id")?.intValue
        let name = organization.map { names.name(.organization, $0) } ?? ""
        let text = lines.map { line in
            if isJSON {
                let object: JSONObject = [
                    "run_id": JSONValue(id), "organization_id": organization.map { JSONValue($0) } ?? .null,
                    "text": .string(line),
                ]
                return JSONValue.object(object).text() + "\n"
            }
            return labelled ? "\(name) │ \(line)\n" : "\(line)\n"
        }
        try context.write(text.joined())
    }
}
