// SPDX-License-Identifier: Apache-2.0

/// Why a session ended.
enum Cut: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case byClient = "the client closed it"
    case lost = "the connection was lost"
    case silent = "the client did not answer a ping"
    case slowReader = "the client does not read what it is sent"
    case protocolBreach = "the client broke the protocol"
    case binary = "binary data is not accepted"
    case tooLarge = "a message is larger than allowed"
    case tooManyConnections = "the account has too many connections"
    case unavailable = "the database does not answer"
    case stopping = "the server stops"

    var description: String { rawValue }

    /// Whether a client that waits is told the reason.
    var isRefusal: Bool {
        switch self {
        case .byClient, .lost, .silent, .stopping: false
        case .slowReader, .protocolBreach, .binary, .tooLarge, .tooManyConnections, .unavailable: true
        }
    }

    /// The code a WebSocket is closed with.
    var closeCode: UInt16 {
        switch self {
        case .byClient, .lost: 1000
        case .silent, .stopping: 1001
        case .protocolBreach: 1002
        case .binary: 1003
        case .slowReader, .tooManyConnections: 1008
        case .tooLarge: 1009
        case .unavailable: 1013
        }
    }
}
