// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One `KEY=TEXT` or `KEY:=JSON` of a command line.
struct TaskArgument: Sendable, Equatable {
    let key: String
    let value: JSONValue

    /// Reads the text; the first `=` or `:=` separates, so that a value may hold either.
    ///
    /// - Throws: `ConsoleFailure` (usage) that says what is wrong with which argument.
    init(parsing text: String) throws {
        guard let equals = text.firstIndex(of: "=") else {
            throw ConsoleFailure(.usage, "\(text) is no argument; write key=text, or key:=json for anything but text.")
        }
        let value = text[text.index(after: equals)...]
        var key = text[..<equals]
        let isJSON = key.hasSuffix(":")
        if isJSON { key.removeLast() }
        guard !key.isEmpty else { throw ConsoleFailure(.usage, "\(text) has no name before the =.") }
        self.key = String(key)
        if isJSON {
            do {
                self.value = try JSONValue(parsing: String(value))
            } catch {
                throw ConsoleFailure(
                    .usage, "\(text): after := stands no JSON (\(error)).", advice: "For text write =.")
            }
        } else {
            self.value = .string(String(value))
        }
    }

    /// Several arguments as one object; a key given twice is refused.
    static func object(parsing texts: [String]) throws -> JSONObject {
        var object = JSONObject()
        for text in texts {
            let argument = try TaskArgument(parsing: text)
            guard object[argument.key] == nil else {
                throw ConsoleFailure(.usage, "The argument \(argument.key) is given twice.")
            }
            object[argument.key] = argument.value
        }
        return object
    }
}
