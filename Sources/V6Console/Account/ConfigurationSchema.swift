// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The JSON Schema of `config.yaml`, for editors: made from the settings that the program reads.
enum ConfigurationSchema {
    /// Its file, beside `config.yaml`.
    static let fileName = "config.schema.json"

    /// The first line of a `config.yaml` that the program begins.
    static let modeline = "# yaml-language-server: $schema=\(fileName)"

    static var text: String { json.text(.pretty) + "\n" }

    static var json: JSONValue {
        let profile = object(
            ProfileSetting.allCases.map { ($0.rawValue, field($0.summary, isFlag: $0.isFlag)) },
            required: [ProfileSetting.url.rawValue])
        // Our themes are offered; one of the person's own may have any name.
        let themes: JSONValue = [["enum": .array(Theme.all.map { .string($0.name) })], ["type": "string"]]
        let display = DisplaySetting.allCases.map { setting -> (String, JSONValue) in
            (
                setting.key,
                setting == .theme
                    ? ["description": .string(setting.summary), "anyOf": themes]
                    : field(setting.summary, isFlag: setting.isFlag)
            )
        }
        var schema = JSONObject()
        schema["$schema"] = "http://json-schema.org/draft-07/schema#"
        schema["title"] = "config.yaml of v6-console"
        schema["type"] = "object"
        schema["additionalProperties"] = false
        schema["properties"] = [
            "current": field("The profile in use when none is named.", isFlag: false),
            "profiles": [
                "description": "Servers and accounts by a name of your choice.", "type": "object",
                "additionalProperties": profile,
            ],
            "display": object(display, required: []),
        ]
        return .object(schema)
    }

    private static func field(_ description: String, isFlag: Bool) -> JSONValue {
        ["description": .string(description), "type": isFlag ? "boolean" : "string"]
    }

    private static func object(_ properties: [(String, JSONValue)], required: [String]) -> JSONValue {
        var fields = JSONObject()
        for (name, value) in properties { fields[name] = value }
        var object = JSONObject()
        object["type"] = "object"
        object["additionalProperties"] = false
        object["properties"] = .object(fields)
        if !required.isEmpty { object["required"] = .array(required.map { .string($0) }) }
        return .object(object)
    }
}
