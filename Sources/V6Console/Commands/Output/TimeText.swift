// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Times and durations as a person reads them.
enum TimeText {
    /// `12 s ago`, `3 min ago`, `2 h ago`, `5 d ago`; `in 2 h` for the future.
    static func relative(_ time: Timestamp, to now: Timestamp) -> String {
        let seconds = (now.microseconds - time.microseconds) / 1_000_000
        let text = duration(seconds: abs(seconds), brief: true)
        return seconds < -1 ? "in \(text)" : "\(text) ago"
    }

    /// `8 s`, `2 min 5 s`, `3 h 10 min`, `4 d 2 h`; only the first part when brief.
    static func duration(seconds: Int64, brief: Bool = false) -> String {
        func parts(_ first: Int64, _ firstUnit: String, _ second: Int64, _ secondUnit: String) -> String {
            brief || second == 0 ? "\(first) \(firstUnit)" : "\(first) \(firstUnit) \(second) \(secondUnit)"
        }
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: parts(seconds / 60, "min", seconds % 60, "s")
        case ..<86_400: parts(seconds / 3600, "h", seconds % 3600 / 60, "min")
        default: parts(seconds / 86_400, "d", seconds % 86_400 / 3600, "h")
        }
    }

    /// Reads `90s`, `30m`, `2h`, `7d`, `1h30m`, or plain seconds.
    static func seconds(parsing text: String) -> Double? {
        if let plain = Double(text), plain >= 0, plain.isFinite { return plain }
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        var total = 0.0
        var digits = ""
        for character in text {
            if character.isNumber || character == "." {
                digits.append(character)
            } else {
                guard let unit = units[character], let value = Double(digits) else { return nil }
                total += value * unit
                digits = ""
            }
        }
        return digits.isEmpty && !text.isEmpty ? total : nil
    }
}
