// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// An answer of the control API.
enum ControlAnswer: Sendable {
    case json(JSONValue)
    /// Text that comes piece by piece.
    case text(AsyncThrowingStream<String, any Error>)
    case refusal(status: Int, message: String)

    /// Nothing of that number is known.
    static func unknownRun(_ id: Int) -> ControlAnswer {
        .refusal(status: 404, message: "this node knows no run \(id); it keeps done runs for 30 days")
    }
}
