// SPDX-License-Identifier: Apache-2.0

/// What a run produced; it has the identifier of its run.
public struct RunResult: Sendable, Hashable, Codable {
    public let id: Int
    public let run: Link?
    public let task: Link?
    /// Base64 in an open collaboration, an encrypted message otherwise, the name of a blob with a blob store.
    public let result: String?
    public let blobStorageUsed: Bool?

    private enum CodingKeys: String, CodingKey {
        case id, run, task, result
        case blobStorageUsed = "blob_storage_used"
    }
}
