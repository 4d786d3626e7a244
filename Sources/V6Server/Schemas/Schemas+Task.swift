// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Schemas {
    static let task = Schema(
        [
            "organizations": taskOrganizations.required,
            "image": Field(.string).shortest(1).required,
            "collaboration_id": .id, "study_id": .id, "store_id": .id,
            "name": .name, "description": .longText,
            "databases": taskDatabases.nullable,
            "server_url": Field(.url),
        ],
        oneOf: ["collaboration_id", "study_id"], refusal: "Collaboration_id or study_id is required"
    )

    static let column = Schema([
        "db_label": Field(.string).required,
        "collaboration_id": Field.id.required,
        "organizations": taskOrganizations.required,
        "sheet_name": Field(.string), "query": Field(.string),
    ])

    private static let taskOrganizations = Field(.list(.mapping)).ruled(
        described: [
            "minItems": 1,
            "items": [
                "type": "object", "required": ["id"],
                "properties": ["id": [:], "input": ["description": "The input as base64 text, encrypted or not."]],
            ],
        ]
    ) { value in
        let organizations = value.arrayValue ?? []
        if organizations.isEmpty { return "At least one organization is required" }
        return organizations.contains { $0["id"] == nil } ? "Organization id is required for each organization" : nil
    }

    private static let databaseKeys = ["label", "preprocessing", "sheet_name", "query", "arguments"]

    private static let taskDatabases = Field(.list(.mapping)).ruled(
        described: [
            "items": [
                "type": "object", "required": ["label"], "additionalProperties": false,
                "properties": [
                    "label": ["type": ["string", "number", "boolean", "null"]], "sheet_name": [:], "query": [:],
                    "arguments": ["type": "object"],
                    "preprocessing": [
                        "type": "array", "items": ["type": "object", "required": ["function"]],
                    ],
                ],
            ]
        ]
    ) { value in
        for database in value.arrayValue ?? [] {
            if let problem = databaseProblem(database) { return problem }
        }
        return nil
    }

    private static func databaseProblem(_ database: JSONValue) -> String? {
        guard let members = database.objectValue, members["label"] != nil else {
            return "Database label is required for each database"
        }
        switch members["label"] {
        case .array, .object: return "Database label must be a text"
        default: break
        }
        if !Set(members.keys).isSubset(of: databaseKeys) {
            let allowed = databaseKeys.map { "'\($0)'" }.joined(separator: ", ")
            return "Database \(database.pythonText) contains unknown keys. Allowed keys are {\(allowed)}."
        }
        if let arguments = members["arguments"], arguments.objectValue == nil {
            return "Database arguments must be a dict"
        }
        guard let preprocessing = members["preprocessing"] else { return nil }
        guard let steps = preprocessing.arrayValue, steps.allSatisfy({ $0.objectValue != nil }) else {
            return "Database preprocessing must be a list of dictionaries"
        }
        for step in steps where step["function"] == nil {
            return "Database preprocessing \(step.pythonText) is missing a 'function'"
        }
        return nil
    }
}
