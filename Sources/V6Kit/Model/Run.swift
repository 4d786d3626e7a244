// SPDX-License-Identifier: Apache-2.0

/// The part of a task that one organization executes.
public struct Run: Sendable, Hashable, Codable {
    /// What a run tells of the node that executes it.
    public struct NodeSummary: Sendable, Hashable, Codable {
        public let id: Int?
        public let name: String?
        public let status: String?
        public let ip: String?
    }

    public let id: Int
    public var status: RunStatus
    public let organization: Link?
    public let task: Link?
    public let node: NodeSummary?
    /// Base64 in an open collaboration, an encrypted message otherwise, the name of a blob with a blob store.
    public var input: String?
    public var log: String?
    public let assignedAt: Timestamp?
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp?
    public let blobStorageUsed: Bool?

    private enum CodingKeys: String, CodingKey {
        case id, status, organization, task, node, input, log
        case assignedAt = "assigned_at"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case blobStorageUsed = "blob_storage_used"
    }
}
