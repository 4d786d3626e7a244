// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension Int {
    /// With a blank between thousands.
    var grouped: String {
        let digits = String(magnitude)
        let pieces = digits.enumerated().map { index, digit in
            (digits.count - index).isMultiple(of: 3) && index > 0 ? " \(digit)" : String(digit)
        }
        return (self < 0 ? "-" : "") + pieces.joined()
    }
}

/// How moments and spans of time are written.
enum Times {
    /// An age in one unit: `4 s`, `12 min`, `3 h`, `5 d`.
    static func age(of moment: Timestamp?, at now: Timestamp) -> String {
        guard let moment else { return "–" }
        return TimeText.duration(seconds: max(0, Int64(now.seconds(since: moment))), brief: true)
    }

    /// A span as exact as it is useful: `0.4 s`, `41 s`, `2 min 10 s`.
    static func span(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
        return seconds < 10 ? "\((seconds * 10).rounded() / 10) s" : TimeText.duration(seconds: Int64(seconds))
    }

    /// A span in whole seconds: `6 s`, `2 min 10 s`.
    static func whole(_ seconds: Double) -> String {
        seconds.isFinite && abs(seconds) < 1e9 ? TimeText.duration(seconds: Int64(seconds.rounded())) : "–"
    }

    /// The time of day in a zone.
    static func clock(_ moment: Timestamp, zone: TimeZone) -> String {
        let seconds = Int(moment.microseconds / 1_000_000) + zone.secondsFromGMT(for: moment.date)
        let day = ((seconds % 86400) + 86400) % 86400
        return "\(pad(day / 3600)):\(pad(day / 60 % 60)):\(pad(day % 60))"
    }

    /// The time of day, with the day before it where that is another than today's.
    static func stamp(_ moment: Timestamp, at now: Timestamp, zone: TimeZone) -> String {
        let clock = clock(moment, zone: zone)
        if isSameDay(moment, now, zone: zone) { return clock }
        return "\(moment.adding(seconds: Double(zone.secondsFromGMT(for: moment.date))).text.prefix(10)) \(clock)"
    }

    static func isSameDay(_ one: Timestamp, _ other: Timestamp, zone: TimeZone) -> Bool {
        hour(one, zone: zone) / 24 == hour(other, zone: zone) / 24
    }

    /// The hour of a moment in a zone, counted from 1970.
    static func hour(_ moment: Timestamp, zone: TimeZone) -> Int {
        (Int(moment.microseconds / 1_000_000) + zone.secondsFromGMT(for: moment.date)) / 3600
    }

    private static func pad(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
