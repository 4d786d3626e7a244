// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

struct TimestampTests {
    @Test(
        "all forms of the wire and the database are read",
        arguments: [
            "2026-11-23T18:56:37.283014", "2026-11-23 18:56:37.283014", "2026-11-23T18:56:37.283014Z",
            "2026-11-23T18:56:37.283014+00:00",
        ])
    func forms(_ text: String) throws {
        let moment = try #require(Timestamp(text))
        #expect(moment.text == "2026-11-23T18:56:37.283014")
        #expect(moment.sqlText == "2026-11-23 18:56:37.283014")
        #expect(abs(moment.date.timeIntervalSince1970 - 1_795_460_197.283014) < 1e-6)
    }

    @Test("a fraction of zero is left out on the wire, and kept where the contract demands it")
    func fractions() throws {
        let moment = try #require(Timestamp("1999-02-28T23:59:59"))
        #expect(moment.text == "1999-02-28T23:59:59")
        #expect(moment.patchText == "1999-02-28T23:59:59.000000")
        #expect(Timestamp("1999-02-28T23:59:59.5")?.patchText == "1999-02-28T23:59:59.500000")
    }

    @Test("leap days and the time before 1970 hold", arguments: ["2024-02-29T00:00:00", "1969-12-31T23:59:59.999999"])
    func calendar(_ text: String) {
        #expect(Timestamp(text)?.text == text)
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "2026-11-23", "2026-13-01T00:00:00", "2026-02-30T00:00:00", "2026-11-23T25:00:00",
            "2026-11-23T00:00:00.",
            "2026-11-23T00:00:00.1234567", "2026-11-23T00:00:00+02:00", "2026-1a-23T00:00:00",
        ])
    func refusals(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("moments are compared and moved")
    func arithmetic() throws {
        let first = try #require(Timestamp("2026-11-23T18:56:37"))
        let second = first.adding(seconds: 1.5)
        #expect(second > first && second.seconds(since: first) == 1.5)
        #expect(second.text == "2026-11-23T18:56:38.500000")
    }
}
