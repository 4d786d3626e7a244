// SPDX-License-Identifier: Apache-2.0

/// How busy and how late a node is, as a server of ours tells (`GET /node/load`, `GET /node/ID/load`).
public struct NodeLoad: Sendable, Hashable, Codable {
    /// How it was at a moment.
    public struct Sample: Sendable, Hashable, Codable {
        public let at: Timestamp
        /// Seconds by which the node answered late; nil before it was asked.
        public let lag: Double?
        public let cpuPercent: Double?
        /// Bytes.
        public let memoryUsed: Int?
        /// Bytes.
        public let memoryTotal: Int?

        private enum CodingKeys: String, CodingKey {
            case at, lag
            case cpuPercent = "cpu_percent"
            case memoryUsed = "memory_used"
            case memoryTotal = "memory_total"
        }
    }

    public let id: Int
    /// Seconds by which it answers late; nil while it is away or was not asked yet.
    public let lag: Double?
    /// Whether an answer of it is due and has not come: then the lag grows.
    public let silent: Bool
    public let cpuPercent: Double?
    /// Bytes.
    public let memoryUsed: Int?
    /// Bytes.
    public let memoryTotal: Int?
    /// How busy its processors were in each twelfth of the last hour, in percent, oldest first; in the list only.
    public let cpuHistory: [Double?]?
    /// The last hour, oldest first; of one node only.
    public let samples: [Sample]?

    private enum CodingKeys: String, CodingKey {
        case id, lag, silent, samples
        case cpuPercent = "cpu_percent"
        case memoryUsed = "memory_used"
        case memoryTotal = "memory_total"
        case cpuHistory = "cpu_history"
    }
}
