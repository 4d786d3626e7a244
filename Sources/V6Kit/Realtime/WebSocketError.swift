// SPDX-License-Identifier: Apache-2.0

/// A breach of RFC 6455 by the other side; the connection cannot go on.
public struct WebSocketError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The code to close the connection with.
    public let code: UInt16
    /// What was wrong, for a person; at most 123 bytes, so that it fits a close frame.
    public let description: String

    static func protocolError(_ text: String) -> WebSocketError { WebSocketError(code: 1002, description: text) }
    static let invalidText = WebSocketError(code: 1007, description: "a text that is not UTF-8")
    static func tooBig(_ limit: Int) -> WebSocketError {
        WebSocketError(code: 1009, description: "a message of more than \(limit) bytes")
    }
}
