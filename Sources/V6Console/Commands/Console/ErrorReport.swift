// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A failure on its way to standard error: one line for a person, or one object for a program.
struct ErrorReport {
    let failure: ConsoleFailure
    let format: OutputFormat?

    init(_ failure: ConsoleFailure, format: OutputFormat?) {
        self.failure = failure
        self.format = format
    }

    /// The text without line end; empty when everything worth saying was said.
    var text: String {
        guard !failure.message.isEmpty else { return "" }
        guard format == .json || format == .jsonl else { return "error: \(failure.description)" }
        let error: JSONObject = [
            "code": .string(failure.status.code), "message": .string(failure.message),
            "advice": failure.advice.map(JSONValue.string) ?? .null,
            "status": failure.serverStatus.map { .integer(Int64($0)) } ?? .null,
            "request_id": JSONValue(failure.requestID),
        ]
        return JSONValue.object(["error": .object(error)]).text()
    }

    func write(to console: ScriptConsole) throws {
        let text = text
        guard !text.isEmpty else { return }
        try console.talk.line(console.terminal.errorIsTerminal ? UntrustedText.clean(text) : text)
    }
}
