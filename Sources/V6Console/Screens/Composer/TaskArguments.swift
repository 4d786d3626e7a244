// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Keyword arguments as a person types them: `name=value` lines, or one JSON object.
enum TaskArguments {
    struct Problem: Error {
        let message: String
    }

    /// Reads the arguments.
    ///
    /// A value that is JSON is taken as JSON, anything else as text; quotes force text.
    static func parse(_ text: String) throws(Problem) -> JSONObject {
        let trimmed = text.trimmed
        if trimmed.hasPrefix("{") {
            let value: JSONValue
            do { value = try JSONValue(parsing: trimmed) } catch { throw Problem(message: "\(error)") }
            guard let object = value.objectValue else { throw Problem(message: "the JSON is no object") }
            return object
        }
        var object = JSONObject()
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = String(line).trimmed
            if line.isEmpty { continue }
            guard let equals = line.firstIndex(of: "=") else {
                throw Problem(message: "line \(number + 1) is no name=value")
            }
            let name = String(line[..<equals]).trimmed
            let value = String(line[line.index(after: equals)...]).trimmed
            guard !name.isEmpty else { throw Problem(message: "line \(number + 1) has no name before =") }
            guard object[name] == nil else { throw Problem(message: "\(name) is given twice") }
            let looksLikeJSON = value.first.map { "[{\"".contains($0) } ?? false
            do {
                object[name] = try JSONValue(parsing: value)
            } catch {
                if looksLikeJSON { throw Problem(message: "line \(number + 1): \(error)") }
                object[name] = .string(value)
            }
        }
        return object
    }

    /// The lines from which ``parse(_:)`` makes these arguments.
    static func text(_ arguments: JSONObject) -> String {
        arguments.map { key, value in
            guard case .string(let text) = value, (try? JSONValue(parsing: text)) == nil, text == text.trimmed,
                !text.isEmpty, !"[{\"".contains(text.first ?? " "), !text.contains("\n")
            else { return "\(key)=\(value.text(.python))" }
            return "\(key)=\(text)"
        }.joined(separator: "\n")
    }
}
