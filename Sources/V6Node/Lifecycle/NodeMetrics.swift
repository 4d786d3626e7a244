// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// How busy the machine is, as the server counts it.
struct NodeMetrics: Sendable {
    /// Processor time so far, in ticks.
    struct ProcessorTime: Sendable, Hashable {
        let busy: Int
        let total: Int

        /// Reads the first line of `/proc/stat`.
        init?(stat: String) {
            let line = stat.split(whereSeparator: \.isNewline).first ?? ""
            let ticks = line.split(separator: " ").dropFirst().compactMap { Int($0) }
            guard line.hasPrefix("cpu "), ticks.count >= 5 else { return nil }
            // The times of guests are in user time already.
            total = ticks.prefix(8).reduce(0, +)
            busy = total - ticks[3] - ticks[4]
        }

        /// The part of the time since an earlier moment that was busy, in percent.
        func percent(since earlier: ProcessorTime) -> Double {
            total > earlier.total ? 100 * Double(busy - earlier.busy) / Double(total - earlier.total) : 0
        }
    }

    private var last: ProcessorTime?

    /// Looks at the machine now.
    /// - Parameter containers: how many algorithms run.
    /// - Returns: the payload of `node_metrics_update`.
    mutating func sample(containers: Int) -> JSONValue {
        let memory = Self.memory(Self.read("/proc/meminfo"))
        let now = ProcessorTime(stat: Self.read("/proc/stat"))
        var percent = 0.0
        if let now, let last { percent = now.percent(since: last) }
        last = now
        return [
            "cpu_percent": .number(Self.rounded(percent)),
            "memory_percent": .number(
                memory.total > 0
                    ? Self.rounded(100 * Double(memory.total - memory.available) / Double(memory.total)) : 0),
            "num_algorithm_containers": JSONValue(containers), "os": "posix", "platform": "linux",
            "cpu_count": JSONValue(ProcessInfo.processInfo.processorCount), "memory_total": JSONValue(memory.total),
            "memory_available": JSONValue(memory.available),
        ]
    }

    /// Bytes of memory in all and available, of the text of `/proc/meminfo`.
    static func memory(_ text: String) -> (total: Int, available: Int) {
        func bytes(_ name: String) -> Int {
            let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(name + ":") }
            return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
        }
        return (bytes("MemTotal"), bytes("MemAvailable"))
    }

    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private static func read(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
