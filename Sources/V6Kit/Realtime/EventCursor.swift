// SPDX-License-Identifier: Apache-2.0

/// How far a client has read the numbered events of its server.
///
/// What was missed is known to lie behind the number; what comes twice is recognized by it.
struct EventCursor: Sendable, Hashable {
    /// What a client has to do.
    enum Step: Sendable, Hashable {
        /// Nothing: it is up to date.
        case goOn
        /// Read the log behind this number.
        case read(after: Int64)
        /// Fetch everything anew, since the log does not reach back far enough, or there is none.
        case synchronize
    }

    /// The number of the last event; nil before the first connection and where the server numbers none.
    private(set) var last: Int64?
    /// Whether the connection stands and everything before it was made good.
    private var isCaughtUp = false
    /// What came over the connection before that.
    private var early: [SocketIOEvent] = []

    /// The connection ended; what it told too early will be read from the log.
    mutating func lost() {
        isCaughtUp = false
        early = []
    }

    /// An event came over the connection; gives those to hand over now.
    mutating func hear(_ event: SocketIOEvent) -> [SocketIOEvent] {
        guard event.number != nil, !isCaughtUp else { return accepts(event) ? [event] : [] }
        early.append(event)
        return []
    }

    /// Everything before the connection was made good; gives what came meanwhile.
    mutating func caughtUp() -> [SocketIOEvent] {
        isCaughtUp = true
        let waiting = early
        early = []
        return waiting.filter { accepts($0) }
    }

    /// The rooms were joined when the newest event had this number; nil from a server that has no log.
    mutating func joined(at newest: Int64?) -> Step {
        guard let newest, let last else {
            last = newest
            return .synchronize
        }
        // A newest event below ours does not say that the log began anew: while this was on its way, pages that were
        // asked for over an earlier connection may have led further. The log itself knows.
        return last == newest ? .goOn : .read(after: last)
    }

    /// A page of the log was read; its events are new, each was taken in through ``accepts(_:)``.
    ///
    /// A log that ends before the number it was asked for is that of another database.
    mutating func finish(_ page: EventPage) -> Step {
        let isSameLog = page.last >= last ?? 0
        last = page.last
        guard isSameLog, page.isComplete else { return .synchronize }
        return page.hasMore ? .read(after: page.last) : .goOn
    }

    /// The log cannot be read: everything has to be fetched, and the next events count from here.
    mutating func giveUp(at newest: Int64?) { last = newest }

    /// Whether an event is new; those without a number always are.
    mutating func accepts(_ event: SocketIOEvent) -> Bool {
        guard let number = event.number else { return true }
        guard number > last ?? 0 else { return false }
        last = number
        return true
    }
}
