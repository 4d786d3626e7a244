// SPDX-License-Identifier: Apache-2.0

/// A named message between client and server.
public struct SocketIOEvent: Sendable, Hashable {
    /// The name, such as `new_task`.
    public let name: String
    /// The arguments; events of vantage6 have none or one.
    public let arguments: [JSONValue]
    /// The number in the event log, where the server tells it.
    public let number: Int64?

    /// An event from its parts.
    public init(name: String, arguments: [JSONValue] = [], number: Int64? = nil) {
        self.name = name
        self.arguments = arguments
        self.number = number
    }
}
