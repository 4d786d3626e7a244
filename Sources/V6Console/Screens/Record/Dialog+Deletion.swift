// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Dialog {
    /// A record as a person knows it.
    struct Record {
        var kind: RecordKind
        var id: Int
        var name: String
    }

    /// Asks before records are deleted: the name must be typed, or how many they are.
    static func deletion(of records: [Record]) -> Dialog {
        let effects = records.map { Effect.change(.deletion(of: $0.kind, $0.id, named: $0.name)) }
        guard records.count != 1 else {
            let record = records[0]
            return Dialog(
                "Delete \(record.kind.rawValue) \(record.name)?",
                lines: [
                    [Span("\(record.kind.rawValue) \(record.id) is removed for good.")],
                    [Span("Where something still hangs on it, you are asked once more.", .dim)],
                ],
                consent: .typing(record.name), dangerous: true, effects: effects)
        }
        let kinds = Set(records.map(\.kind))
        let noun = kinds.count == 1 ? kinds.first?.plural ?? "records" : "records"
        return Dialog(
            "Delete \(records.count) \(noun)?",
            lines: list(records) { "\($0.kind.rawValue) \($0.id)  \($0.name)" } + [
                [Span("They are removed for good, one after another.")],
                [Span("Where something still hangs on one of them, you are asked once more.", .dim)],
            ],
            consent: .typing(String(records.count)), dangerous: true, effects: effects)
    }

    /// A line for each of the first few, and how many more there are.
    static func list<Item>(_ items: [Item], at most: Int = 8, _ text: (Item) -> String) -> [[Span]] {
        let more = items.count > most ? [[Span("  and \(items.count - most) more", .dim)]] : []
        return items.prefix(most).map { [Span("  " + text($0))] } + more
    }

    /// The second question, after the server refused to delete records because of what hangs on them; nil after other refusals.
    static func deletionWithDependents(after failures: [(effect: Effect, fault: Fault)]) -> Dialog? {
        var changes: [Change] = []
        var reasons: [String] = []
        for (effect, fault) in failures {
            guard case .change(var change) = effect, let deletion = change.deletes,
                !deletion.includesDependents, deletion.kind != .task, fault.kind == .rejected
            else { continue }
            change.deletes?.includesDependents = true
            changes.append(change)
            reasons.append(fault.message)
        }
        guard let first = changes.first?.deletes else { return nil }
        let objects = changes.compactMap(\.deletes).map { "\($0.kind.rawValue) \($0.id)" }
        let consequence =
            changes.count == 1
            ? "\(objects[0]) would be deleted with \(first.kind.dependents)."
            : "All that hangs on these would be deleted with them: \(objects.joined(separator: ", "))."
        return Dialog(
            "Delete with all that hangs on \(changes.count == 1 ? "it" : "them")?",
            lines: reasons.prefix(4).map { [Span($0, .warning)] } + [
                [Span(consequence)],
                [Span("This cannot be taken back.", .bad)],
            ],
            consent: .typing("delete \(changes.count == 1 ? first.id : changes.count)"), dangerous: true,
            effects: changes.map(Effect.change))
    }
}
