// SPDX-License-Identifier: Apache-2.0

import Logging
import V6Kit

/// One event of the log in either shape.
///
/// What clients sent may stand in it, so control characters and line ends are escaped: an event is always one line.
struct LogLine {
    let moment: Timestamp
    let label: String
    let event: LogEvent
    let metadata: Logger.Metadata

    /// `2026-11-25T14:30:10.123456Z info v6-server MESSAGE key=value key="two words"`.
    var text: String {
        let pairs = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
        return "\(moment.text)Z \(event.level.rawValue) \(label) \(Self.escaped("\(event.message)"))\(pairs)"
    }

    /// The same as a JSON object.
    var json: String {
        var object: JSONObject = [
            "time": .string("\(moment.text)Z"), "level": .string(event.level.rawValue), "logger": .string(label),
            "message": .string("\(event.message)"),
        ]
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { object[key] = .string("\(value)") }
        return JSONValue.object(object).text()
    }

    private static func quoted(_ value: String) -> String {
        let needsQuotes = value.isEmpty || value.unicodeScalars.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        let escaped = escaped(value)
        return needsQuotes ? "\"\(escaped.replacing("\"", with: "\\\""))\"" : escaped
    }

    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                result += scalar == "\n" ? "\\n" : "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
