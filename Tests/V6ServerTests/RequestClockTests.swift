// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import V6Server

/// When a connection has taken too long.
struct RequestClockTests {
    private static let start = NIODeadline.uptimeNanoseconds(0)

    private static func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

    private static func clock() -> RequestClock {
        var limits = RequestLimits()
        limits.requestSeconds = 10
        limits.idleSeconds = 30
        return RequestClock(limits: limits, now: start)
    }

    private static func verdict(
        _ clock: inout RequestClock, _ seconds: Int64, isReading: Bool = true
    ) -> RequestClock.Verdict {
        clock.verdict(at(seconds), isReading: isReading, sinceLast: .seconds(1))
    }

    @Test func aConnectionWithoutRequestsIsClosed() {
        var clock = Self.clock()
        #expect(Self.verdict(&clock, 29) == .wait)
        #expect(Self.verdict(&clock, 30) == .close)
    }

    @Test func headersHaveToArriveHoweverManyBytesTrickleIn() {
        var clock = Self.clock()
        for second in Int64(5)..<15 {
            clock.bytesCame(Self.at(second))
            #expect(Self.verdict(&clock, second) == .wait)
        }
        clock.bytesCame(Self.at(15))
        #expect(Self.verdict(&clock, 15) == .timeOut)
    }

    @Test func anAnswerMayBeAsLateAsItLikes() {
        var clock = Self.clock()
        clock.bytesCame(Self.at(1))
        clock.headersCame(Self.at(1))
        clock.requestEnded(Self.at(1))
        #expect(Self.verdict(&clock, 10_000) == .wait)
        clock.answerEnded(Self.at(10_000))
        #expect(Self.verdict(&clock, 10_029) == .wait)
        #expect(Self.verdict(&clock, 10_030) == .close)
    }

    @Test func aBodyMayNotPauseNorTrickle() {
        var paused = Self.clock()
        paused.headersCame(Self.at(0))
        paused.pieceCame(1_000_000, Self.at(1))
        #expect(Self.verdict(&paused, 10) == .wait)
        #expect(Self.verdict(&paused, 11) == .timeOut)

        var trickling = Self.clock()
        trickling.headersCame(Self.at(0))
        for second in Int64(1)..<10 {
            trickling.pieceCame(1, Self.at(second))
            #expect(Self.verdict(&trickling, second) == .wait)
        }
        trickling.pieceCame(1, Self.at(11))
        #expect(Self.verdict(&trickling, 11) == .timeOut)

        var slow = Self.clock()
        slow.headersCame(Self.at(0))
        for second in Int64(1)..<1000 {
            slow.pieceCame(2000, Self.at(second))
            #expect(Self.verdict(&slow, second) == .wait)
        }
    }

    @Test func aBodyIsNotLateWhileTheServerDoesNotRead() {
        var clock = Self.clock()
        clock.headersCame(Self.at(0))
        for second in Int64(1)..<100 { #expect(Self.verdict(&clock, second, isReading: false) == .wait) }
        #expect(Self.verdict(&clock, 105) == .wait)
        #expect(Self.verdict(&clock, 120) == .timeOut)
    }

    @Test func whoTakesInNothingIsClosed() {
        var clock = Self.clock()
        clock.headersCame(Self.at(0))
        clock.requestEnded(Self.at(0))
        clock.writability(false, Self.at(1))
        clock.writability(false, Self.at(20))
        #expect(Self.verdict(&clock, 30) == .wait)
        #expect(Self.verdict(&clock, 31) == .close)
        clock.writability(true, Self.at(31))
        #expect(Self.verdict(&clock, 31) == .wait)
    }
}
