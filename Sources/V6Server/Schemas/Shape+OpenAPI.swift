// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Shape {
    /// The form in the words of JSON Schema, as OpenAPI 3.1 uses them; named forms are referred to.
    var openAPI: JSONValue {
        switch self {
        case .text: return ["type": "string"]
        case .integer: return ["type": "integer"]
        case .number: return ["type": "number"]
        case .boolean: return ["type": "boolean"]
        case .moment: return ["type": "string", "pattern": #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$"#]
        case .choice(let texts): return ["type": "string", "enum": .array(texts.map { .string($0) })]
        case .any: return [:]
        case .list(let item): return ["type": "array", "items": item.openAPI]
        case .mapping: return ["type": "object"]
        case .object(let members):
            var properties = JSONObject()
            for member in members { properties[member.name] = member.shape.openAPI }
            let required = members.filter { !$0.isOptional }.map { JSONValue.string($0.name) }
            var object: JSONObject = [
                "type": "object", "properties": .object(properties), "additionalProperties": false,
            ]
            if !required.isEmpty { object["required"] = .array(required) }
            return .object(object)
        case .nullable(let shape):
            if case .object(var object) = shape.openAPI, case .string(let type)? = object["type"],
                object["enum"] == nil
            {
                object["type"] = [.string(type), "null"]
                return .object(object)
            }
            return ["anyOf": [shape.openAPI, ["type": "null"]]]
        case .either(let shapes): return ["anyOf": .array(shapes.map(\.openAPI))]
        case .named(let name, _): return ["$ref": .string("#/components/schemas/\(name)")]
        }
    }

    /// The named forms it is made of, by name.
    var components: [String: Shape] {
        switch self {
        case .text, .integer, .number, .boolean, .moment, .choice, .any, .mapping: [:]
        case .list(let shape), .nullable(let shape): shape.components
        case .object(let members): Self.merged(members.map(\.shape))
        case .either(let shapes): Self.merged(shapes)
        case .named(let name, let shape): shape.components.merging([name: shape]) { $1 }
        }
    }

    private static func merged(_ shapes: [Shape]) -> [String: Shape] {
        shapes.reduce(into: [:]) { $0.merge($1.components) { $1 } }
    }

    /// The form in a few words, for a page a person reads.
    var words: String {
        switch self {
        case .text: "text"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .moment: "time"
        case .choice(let texts): texts.map { "`\($0)`" }.joined(separator: ", ")
        case .any: "anything"
        case .list(let item): "list of \(item.words)"
        case .mapping: "object"
        case .object(let members):
            "`{" + members.map { "\($0.name)\($0.isOptional ? "?" : "")" }.joined(separator: ", ") + "}`"
        case .nullable(let shape): "\(shape.words) or null"
        case .either(let shapes): shapes.map(\.words).joined(separator: ", or ")
        case .named(let name, _): "[\(name)](#\(name.lowercased()))"
        }
    }
}
