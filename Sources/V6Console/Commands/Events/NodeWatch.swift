// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `node watch`: one line each time a node comes or goes.
struct NodeWatch: SessionCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Print each node that comes or goes, until interrupted.",
        discussion: .help(
            "The first lines say how the nodes are now.", examples: "node watch",
            "node watch -o jsonl --collaboration lungs"))

    @OptionGroup var scope: CollaborationScope
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var account: AccountOptions

    var collaborationFlag: String? { scope.collaboration }

    func run(in context: CommandContext) async throws {
        let query = try await scope.query(in: context)
        let isJSON = [.json, .jsonl].contains(context.output.format)
        var known: [Int: String] = [:]
        var cadence = PollCadence()
        try await context.feed.follow(timeout: waiting.timeout, ticking: false) { moment in
            switch moment {
            case .due:
                for node in try await context.records.list("/node", query: query).records {
                    guard let id = node["id"]?.intValue else { continue }
                    let status = node["status"]?.stringValue ?? "offline"
                    guard known.updateValue(status, forKey: id) != status else { continue }
                    try context.write(Self.line(id, node, status, at: context.console.now(), isJSON: isJSON))
                }
                return .lookIn(cadence.pause())
            case .signal(.event(let event)):
                guard event.name == "node-online" || event.name == "node-offline" else { return .goOn }
                cadence.hurry()
                return .lookIn(.zero)
            case .signal(let change):
                return cadence.step(after: change)
            case .expired:
                return .done
            case .tick, .trouble:
                return .goOn
            }
        }
    }

    private static func line(_ id: Int, _ node: JSONValue, _ status: String, at now: Timestamp, isJSON: Bool) -> String
    {
        let name = node["name"]?.cellText ?? ""
        guard isJSON else { return "\(now.text)\tnode/\(id)\t\(name)\t\(status)\n" }
        let record: JSONValue = [
            "time": .string(now.text), "node_id": JSONValue(id), "name": .string(name), "status": .string(status),
        ]
        return record.text() + "\n"
    }
}
