// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import V6Kit

/// How a client makes good what it missed.
struct EventCursorTests {
    private func event(_ number: Int64?) -> SocketIOEvent { SocketIOEvent(name: "e", number: number) }

    @Test("the first connection fetches everything, the next reads on from the last event")
    func connections() {
        var cursor = EventCursor()
        #expect(cursor.joined(at: 10) == .synchronize)
        // Told by the server's pump after the number was looked up.
        #expect(!cursor.accepts(event(9)) && !cursor.accepts(event(10)))
        #expect(cursor.accepts(event(12)) && !cursor.accepts(event(12)))
        #expect(cursor.joined(at: 12) == .goOn)
        #expect(cursor.joined(at: 20) == .read(after: 12))
        #expect(cursor.accepts(event(14)) == true)
        #expect(cursor.finish(EventPage(events: [], last: 15, isComplete: true, hasMore: true)) == .read(after: 15))
        #expect(cursor.finish(EventPage(events: [], last: 20, isComplete: true, hasMore: false)) == .goOn)
        #expect(!cursor.accepts(event(20)) && cursor.accepts(event(21)))
    }

    @Test("what a new connection tells before the gap is closed, comes after it")
    func earlyEvents() {
        var cursor = EventCursor()
        _ = cursor.joined(at: 10)
        #expect(cursor.caughtUp() == [])
        #expect(cursor.hear(event(11)) == [event(11)])
        cursor.lost()
        #expect(cursor.hear(event(15)) == [] && cursor.hear(event(17)) == [])
        #expect(cursor.hear(event(nil)) == [event(nil)])
        #expect(cursor.joined(at: 16) == .read(after: 11))
        for number in 12...16 { #expect(cursor.accepts(event(Int64(number))) == true) }
        #expect(cursor.finish(EventPage(events: [], last: 16, isComplete: true, hasMore: false)) == .goOn)
        #expect(cursor.caughtUp() == [event(17)])
        #expect(cursor.hear(event(18)) == [event(18)] && cursor.hear(event(18)) == [])
    }

    @Test("a connection whose joining was told late repeats nothing that pages have told since")
    func lateJoining() {
        var cursor = EventCursor()
        _ = cursor.joined(at: 10)
        _ = cursor.caughtUp()
        cursor.lost()
        // The page was asked for over this connection and came after the next one had joined, at 20.
        #expect(cursor.joined(at: 12) == .read(after: 10))
        for number in 11...30 { #expect(cursor.accepts(event(Int64(number))) == true) }
        #expect(cursor.finish(EventPage(events: [], last: 30, isComplete: true, hasMore: false)) == .goOn)
        #expect(cursor.caughtUp() == [])
        cursor.lost()
        #expect(cursor.joined(at: 20) == .read(after: 30))
        #expect(cursor.hear(event(21)) == [] && cursor.hear(event(31)) == [])
        #expect(cursor.finish(EventPage(events: [], last: 31, isComplete: true, hasMore: false)) == .goOn)
        #expect(cursor.caughtUp() == [])
        #expect(cursor.hear(event(32)) == [event(32)])
    }

    @Test("a log that does not reach back, none at all, or that of another database is no help")
    func withoutLog() {
        var cursor = EventCursor()
        #expect(cursor.joined(at: 10) == .synchronize)
        #expect(cursor.finish(EventPage(events: [], last: 90, isComplete: false, hasMore: false)) == .synchronize)
        #expect(cursor.last == 90)
        #expect(cursor.joined(at: 5) == .read(after: 90))
        #expect(cursor.finish(EventPage(events: [], last: 5, isComplete: true, hasMore: false)) == .synchronize)
        #expect(cursor.accepts(event(6)) == true)
        #expect(cursor.joined(at: nil) == .synchronize && cursor.joined(at: nil) == .synchronize)
        #expect(cursor.accepts(event(nil)) && cursor.accepts(event(nil)))
    }

    @Test("the number is taken out of the arguments, and only the number")
    func numbers() throws {
        let plain = SocketIOEvent(name: "new_task", arguments: [["id": 4]])
        #expect(
            NumberedEvents.read(NumberedEvents.add(7, to: plain))
                == SocketIOEvent(
                    name: "new_task", arguments: [["id": 4]], number: 7))
        #expect(NumberedEvents.read(plain) == plain)
    }

    @Test("a token is used until shortly before its end")
    func renewal() {
        let now = Date(timeIntervalSince1970: 1_000)
        func pause(_ expiry: Int) -> Duration? {
            let claims = Data(#"{"exp":\#(expiry)}"#.utf8).base64EncodedString()
            return SocketIOClient.renewal(of: "x.\(claims).x", now: now, spread: 1)
        }
        #expect(pause(1_000 + 21_600) == .seconds(21_300))
        #expect(pause(1_100) == .seconds(90))
        #expect(pause(900) == nil)
        #expect(SocketIOClient.renewal(of: "none", now: now, spread: 1) == nil)
    }
}
