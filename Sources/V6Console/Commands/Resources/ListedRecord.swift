// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A record with the columns it is shown in, as filter and order see it.
struct ListedRecord: FilterableRecord {
    let json: JSONValue
    let columns: [RecordColumn]
    let names: NameIndex
    let timeMember: String?

    /// Short words of the full screen's filter, and what they mean here.
    static let shortWords = ["by": "user", "org": "organization", "co": "collaboration", "job": "job_id"]

    /// The field that a word of a filter means among these columns; nil when it is none of them.
    static func field(_ word: String, of columns: [RecordColumn]) -> String? {
        [word, shortWords[word], word == "org" || word == "organization" ? "initiator" : nil].compactMap(\.self)
            .first { name in columns.contains { $0.key == name } }
    }

    func values(of word: String) -> [JSONValue] {
        let field = Self.field(word, of: columns) ?? word
        var values: [JSONValue] = []
        if let column = columns.first(where: { $0.key == field }) { values.append(column.value(json, names)) }
        if let raw = json.value(at: field) {
            // A link reads as its identifier; the name came from the column.
            values.append(raw.objectValue != nil ? raw["id"] ?? raw : raw)
        }
        // A node has a status too, but none of a run.
        if field == "status" {
            values += values.compactMap(\.stringValue).compactMap(RunStatus.init).flatMap(\.filterWords)
        }
        return values
    }

    var visibleTexts: [String] { columns.filter { !$0.detail }.map { $0.value(json, names).cellText } }

    var time: Timestamp? {
        timeMember.flatMap { json.value(at: $0)?.stringValue }.flatMap { Timestamp($0) }
    }
}
