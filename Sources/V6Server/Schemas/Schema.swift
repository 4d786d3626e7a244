// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What a request body may and must hold.
struct Schema: Sendable {
    /// The members by name, in the order they are documented.
    let fields: [(name: String, field: Field)]
    /// Members of which one at least must be there; empty for no such demand.
    let oneOf: [String]
    /// What is said when none of ``oneOf`` is there.
    private let refusal: String

    init(_ fields: KeyValuePairs<String, Field>, oneOf: [String] = [], refusal: String = "") {
        self.init(fields: fields.map { ($0.key, $0.value) }, oneOf: oneOf, refusal: refusal)
    }

    /// The same members, none of them required: what a change may hold.
    var partial: Schema {
        Schema(fields: fields.map { ($0.name, $0.field.optional) }, oneOf: oneOf, refusal: refusal)
    }

    private init(fields: [(name: String, field: Field)], oneOf: [String], refusal: String) {
        self.fields = fields
        self.oneOf = oneOf
        self.refusal = refusal
    }

    /// What is wrong with a body, by member; `_schema` for the body as a whole.
    ///
    /// Empty when nothing is.
    func problems(_ body: JSONValue) -> JSONObject {
        guard let members = body.objectValue else { return ["_schema": ["Invalid input type."]] }
        var problems = JSONObject()
        for (name, field) in fields {
            if let value = members[name] {
                problems[name] = field.problem(value)
            } else if field.isRequired, !field.isMissedLast {
                problems[name] = ["Missing data for required field."]
            }
        }
        let known = Set(fields.map(\.name))
        for (name, _) in members where !known.contains(name) { problems[name] = ["Unknown field."] }
        guard problems.isEmpty else { return problems }
        if let (name, _) = fields.first(where: { $0.field.isRequired && members[$0.name] == nil }) {
            return [name: ["Missing data for required field."]]
        }
        let lacksAll = !oneOf.isEmpty && !oneOf.contains { members[$0] != nil }
        return lacksAll ? ["_schema": [.string(refusal)]] : [:]
    }
}

extension Field {
    /// The same member, which may be missing.
    var optional: Field {
        var copy = self
        copy.isRequired = false
        return copy
    }
}
