// SPDX-License-Identifier: Apache-2.0

/// How fresh what is on the screen is.
enum Connection: Hashable, Sendable {
    case none
    case connecting
    /// Events arrive.
    case live
    /// The server is asked again and again, and why there are no events.
    case polling(reason: String)
    /// Nothing answers; the number of the attempt, and seconds until the next.
    case lost(attempt: Int, wait: Int)

    static let pollingInterval = 5
    /// Seconds between two looks at a node on this machine.
    static let nodeInterval = 2.0

    /// The sign and the words at the right end of the header.
    func label(_ glyphs: Glyphs) -> String {
        switch self {
        case .none: "\(glyphs[.offline]) not connected"
        case .connecting: "\(glyphs[.offline]) connecting"
        case .live: "\(glyphs[.live]) live"
        case .polling: "\(glyphs[.polling]) polling \(Self.pollingInterval) s"
        case .lost(let attempt, let wait): "\(glyphs[.offline]) reconnecting \(wait) s (\(attempt))"
        }
    }

    var isUp: Bool {
        switch self {
        case .live, .polling: true
        default: false
        }
    }
}
