// SPDX-License-Identifier: Apache-2.0

/// What an algorithm may use at most (`isolation`, a section of our own; stock configurations do without).
struct IsolationConfiguration: Sendable, Hashable {
    /// Bytes for one algorithm; nil for no limit.
    var memory: Int?
    /// Processors for one algorithm; nil for no limit.
    var cpus: Double?
    var processes = 512
    var readOnlyRoot = true
    /// Bytes of the algorithm's `/tmp`.
    var temporaryBytes = 256 << 20
    /// Bytes of an output the node accepts.
    var outputBytes = 256 << 20

    /// The keys of the section.
    static let keys = ["memory", "cpus", "pids", "read_only_root", "tmp_size", "output_size"]

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
