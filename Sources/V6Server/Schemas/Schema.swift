// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What a request body may and must hold.
struct Schema: Sendable {
    /// A condition on the body as a whole, asked when each member is right by itself.
    typealias Check = @Sendable (JSONObject) -> String?

    /// The members by name, in the order they are documented.
    let fields: [(name: String, field: Field)]
    /// Conditions on the body as a whole.
    var whole: [Check] = []

    init(_ fields: KeyValuePairs<String, Field>, whole: [Check] = []) {
        self.fields = fields.map { ($0.key, $0.value) }
        self.whole = whole
    }

    /// The same members, none of them required: what a change may hold.
    var partial: Schema {
        Schema(fields: fields.map { ($0.name, $0.field.optional) }, whole: whole)
    }

    private init(fields: [(name: String, field: Field)], whole: [Check]) {
        self.fields = fields
        self.whole = whole
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
            } else if field.isRequired {
                problems[name] = ["Missing data for required field."]
            }
        }
        let known = Set(fields.map(\.name))
        for (name, _) in members where !known.contains(name) { problems[name] = ["Unknown field."] }
        guard problems.isEmpty else { return problems }
        let broken = whole.compactMap { $0(members) }
        return broken.isEmpty ? [:] : ["_schema": .array(broken.map { .string($0) })]
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
