// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What an algorithm may use at most (`isolation`, a section of our own; stock configurations do without).
struct IsolationConfiguration: Sendable, Hashable {
    /// Bytes for one algorithm: three quarters of the machine's, so that one of them cannot bring it down.
    var memory: Int? = Int(ProcessInfo.processInfo.physicalMemory / 4 * 3)
    /// Processors for one algorithm; nil for no limit.
    ///
    /// Three quarters as well, but one at least.
    var cpus: Double? = max(1, Double(ProcessInfo.processInfo.activeProcessorCount) * 3 / 4)
    var processes = 512
    var readOnlyRoot = true
    /// Whom algorithms run as, `UID` or `UID:GID`; nil for the user that the image names.
    var user: String?
    /// Bytes of the algorithm's `/tmp`.
    var temporaryBytes = 256 << 20
    /// Bytes of an output the node accepts.
    var outputBytes = 256 << 20
    /// Bytes of the folder that the runs of a job share (`/mnt/tmp`).
    var sharedBytes = 4 << 30
    /// How long one algorithm may run, in seconds; nil for no limit.
    var seconds: Int? = 7 * 86_400

    /// The keys of the section.
    static let keys = [
        "memory", "cpus", "pids", "read_only_root", "user", "tmp_size", "output_size", "shared_size", "time",
    ]

    /// Seconds of a text such as `90m`, `12h`, `2d` or `3600`; nil when it is no duration.
    static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = text.last.flatMap { units[$0] }
        guard let number = Int(unit == nil ? text[...] : text.dropLast()), (1...100_000_000).contains(number) else {
            return nil
        }
        return number * (unit ?? 1)
    }

    /// Bytes of a text such as `512m` or `2g`; nil when it is no size.
    static func bytes(_ text: String) -> Int? {
        let units: [Character: Int] = ["k": 10, "m": 20, "g": 30, "t": 40]
        let lower = text.lowercased()
        let trimmed = lower.hasSuffix("b") ? lower.dropLast() : lower[...]
        guard let last = trimmed.last else { return nil }
        guard let shift = units[last] else { return Int(trimmed).flatMap { $0 > 0 ? $0 : nil } }
        guard let number = Double(trimmed.dropLast()), number > 0, number < 1e6 else { return nil }
        return Int(number * Double(1 << shift))
    }
}
