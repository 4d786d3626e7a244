// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Dialog {
    /// Asks before a record is deleted: its name must be typed.
    static func deletion(of kind: RecordKind, _ id: Int, named name: String) -> Dialog {
        Dialog(
            "Delete \(kind.rawValue) \(name)?",
            lines: [
                [Span("\(kind.rawValue) \(id) is removed for good.")],
                [Span("Where something still hangs on it, you are asked once more.", .dim)],
            ],
            consent: .typing(name), dangerous: true, effects: [.change(.deletion(of: kind, id, named: name))])
    }

    /// The second question, after the server refused to delete a record because of what hangs on it.
    static func deletionWithDependents(after outcome: Message.Outcome, of effect: Effect) -> [Reaction] {
        guard case .change(var change) = effect, let record = change.deletes, !record.includesDependents,
            case .failed(let fault) = outcome, fault.kind == .rejected
        else { return [] }
        change.deletes?.includesDependents = true
        return [
            .ask(
                Dialog(
                    "Delete with all that hangs on it?",
                    lines: [
                        [Span(fault.message, .warning)],
                        [Span("\(record.kind.rawValue) \(record.id) would be deleted with \(record.kind.dependents).")],
                        [Span("This cannot be taken back.", .bad)],
                    ],
                    consent: .typing("delete \(record.id)"), dangerous: true, effects: [.change(change)]))
        ]
    }
}
