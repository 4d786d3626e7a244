// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Schema {
    /// The schema in the words of OpenAPI.
    var openAPI: JSONValue {
        var properties = JSONObject()
        for (name, field) in fields { properties[name] = field.openAPI }
        var result: JSONObject = [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
        ]
        let required = fields.filter(\.field.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { result["required"] = .array(required) }
        if !oneOf.isEmpty { result["anyOf"] = .array(oneOf.map { ["required": [.string($0)]] }) }
        return .object(result)
    }
}

extension Field {
    /// The member in the words of OpenAPI, with all that is taken beside its proper type.
    var openAPI: JSONValue {
        var schema: JSONObject = kind.openAPI
        let isWhole = { (key: String) in key == "minimum" || key == "maximum" }
        if case .integer = kind {
            // Numeric text counts as a number; the bounds hold for the number.
            let number = JSONValue.object(merged(["type": "integer", "maximum": .integer(.max)]))
            schema = ["anyOf": [number, described["maximum"] == nil ? Kind.numericText : Kind.portText]]
            for (key, value) in described where !isWhole(key) { schema[key] = value }
        } else {
            schema = merged(schema)
        }
        guard allowsNull else { return .object(schema) }
        return ["anyOf": [.object(schema), ["type": "null"]]]
    }

    private func merged(_ schema: JSONObject) -> JSONObject {
        var schema = schema
        for (key, value) in described { schema[key] = value }
        return schema
    }
}

extension Field.Kind {
    /// Numeric text up to 65535.
    fileprivate static let portText: JSONValue = [
        "type": "string",
        "pattern":
            #"^\s*\+?0*(6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3})\s*$"#,
    ]

    fileprivate static let numericText: JSONValue = ["type": "string", "pattern": #"^\s*\+?0*[1-9]\d{0,17}\s*$"#]

    private static let urlPattern =
        #"^(https?|ftps?)://(localhost|([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]{2,})"#
        + #"(:\d{1,5})?([/?]\S*)?$"#

    fileprivate var openAPI: JSONObject {
        switch self {
        case .string: ["type": "string"]
        case .integer:
            ["anyOf": [["type": "integer", "minimum": .integer(.min), "maximum": .integer(.max)], Self.numericText]]
        case .identifier:
            ["anyOf": [["type": "integer", "minimum": 1, "maximum": .integer(.max)], Self.numericText]]
        case .boolean: ["anyOf": [["type": "boolean"], ["enum": .array(LenientBoolean.spellings)]]]
        case .email: ["type": "string", "format": "email"]
        case .url: ["type": "string", "pattern": .string(Self.urlPattern)]
        case .moment:
            [
                "type": "string",
                "pattern":
                    #"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|\+00:00)?$"#,
            ]
        case .mapping: ["type": "object"]
        case .list(let item): ["type": "array", "items": .object(item.openAPI)]
        }
    }
}
