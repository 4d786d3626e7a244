// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A moment in UTC with the precision of the wire and the database: one microsecond.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Microseconds since 1970-01-01 00:00 UTC.
    public let microseconds: Int64

    /// A moment given in microseconds since 1970-01-01 00:00 UTC.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// A Foundation date, rounded to a microsecond.
    public init(_ date: Date) {
        microseconds = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
    }

    /// The present moment.
    public static func now() -> Timestamp { Timestamp(Date()) }

    /// The same moment as a Foundation date.
    public var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }

    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// The moment a number of seconds later.
    public func adding(seconds: Double) -> Timestamp {
        Timestamp(microseconds: microseconds + Int64((seconds * 1_000_000).rounded()))
    }

    /// Seconds from another moment to this one.
    public func seconds(since earlier: Timestamp) -> Double {
        Double(microseconds - earlier.microseconds) / 1_000_000
    }
}

extension Timestamp {
    /// Reads `YYYY-MM-DDTHH:MM:SS[.ffffff]`, with a blank for the `T` and `Z` or `+00:00` at the end allowed.
    public init?(_ text: String) {
        var bytes = Substring(text).utf8
        if text.hasSuffix("Z") {
            bytes = bytes.dropLast()
        } else if text.hasSuffix("+00:00") {
            bytes = bytes.dropLast(6)
        }
        let digits = Array(bytes)
        guard digits.count >= 19, digits[4] == UInt8(ascii: "-"), digits[7] == UInt8(ascii: "-"),
            digits[10] == UInt8(ascii: "T") || digits[10] == UInt8(ascii: " "),
            digits[13] == UInt8(ascii: ":"), digits[16] == UInt8(ascii: ":")
        else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in digits[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), (1...12).contains(month),
            let day = number(8..<10), (1...31).contains(day), let hour = number(11..<13), hour < 24,
            let minute = number(14..<16), minute < 60, let second = number(17..<19), second < 61
        else { return nil }
        var fraction = 0
        if digits.count > 19 {
            guard digits[19] == UInt8(ascii: "."), (1...6).contains(digits.count - 20),
                let value = number(20..<digits.count)
            else { return nil }
            fraction = value
            for _ in digits.count..<26 { fraction *= 10 }
        }
        let days = Self.days(year: year, month: month, day: day)
        guard Self.civil(days: days) == (year, month, day) else { return nil }
        let seconds = Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + second)
        self.init(microseconds: seconds * 1_000_000 + Int64(fraction))
    }

    /// The wire form: no zone, the fraction left out when it is zero.
    public var text: String { format(separator: "T", keepsZeroFraction: false) }

    /// The wire form with the fraction always there, as `PATCH run` demands it.
    public var patchText: String { format(separator: "T", keepsZeroFraction: true) }

    /// The form the database holds: a blank instead of `T`, six digits of fraction.
    public var sqlText: String { format(separator: " ", keepsZeroFraction: true) }

    private func format(separator: String, keepsZeroFraction: Bool) -> String {
        let (second, fraction) = microseconds.quotientAndFloorRemainder(dividingBy: 1_000_000)
        let (day, rest) = second.quotientAndFloorRemainder(dividingBy: 86400)
        let (year, month, monthDay) = Self.civil(days: Int(day))
        func pad(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let moment = Int(rest)
        var text = "\(pad(year, 4))-\(pad(month, 2))-\(pad(monthDay, 2))\(separator)"
        text += "\(pad(moment / 3600, 2)):\(pad(moment / 60 % 60, 2)):\(pad(moment % 60, 2))"
        if fraction != 0 || keepsZeroFraction { text += "." + pad(Int(fraction), 6) }
        return text
    }

    /// Days since 1970-01-01 of a date in the Gregorian calendar.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted >= 0 ? shifted / 400 : (shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date in the Gregorian calendar of a number of days since 1970-01-01.
    private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted >= 0 ? shifted / 146_097 : (shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthPart = (5 * dayOfYear + 2) / 153
        let month = monthPart < 10 ? monthPart + 3 : monthPart - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthPart + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func quotientAndFloorRemainder(dividingBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Timestamp(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "\"\(text)\" is no time of the form 2026-11-23T18:56:37"))
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
