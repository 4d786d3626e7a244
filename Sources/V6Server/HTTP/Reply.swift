// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// What an endpoint answers.
struct Reply: Sendable {
    var status = 200
    /// Headers beside those every answer carries.
    var headers: [(name: String, value: String)] = []
    var body: Body

    /// The forms of a body.
    enum Body: Sendable {
        case json(JSONText)
        case bytes(Data, type: String)
        case stream(ByteSource, type: String)
        case empty
    }

    /// A JSON document.
    static func json(_ value: JSONValue, status: Int = 200) -> Reply { json(JSONText(value), status: status) }

    /// A JSON document that is written already.
    static func json(_ text: JSONText, status: Int = 200) -> Reply { Reply(status: status, body: .json(text)) }

    /// `{"msg": …}`.
    static func message(_ text: String, status: Int = 200) -> Reply { json(["msg": .string(text)], status: status) }

    /// Bytes of some type.
    static func bytes(_ data: Data, type: String, status: Int = 200) -> Reply {
        Reply(status: status, body: .bytes(data, type: type))
    }

    init(status: Int = 200, headers: [(name: String, value: String)] = [], body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The answer that says no.
    init(_ failure: Failure) {
        self.init(status: failure.status, headers: failure.headers, body: .json(JSONText(failure.body)))
    }
}
