// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What the journal keeps of a run.
struct RunRecord: Sendable, Hashable, Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "run"

    var id: Int
    var taskID: Int
    var jobID: Int
    var parentID: Int?
    var image: String
    var initOrganizationID: Int
    var initUserID: Int?
    var storeID: Int?
    /// JSON text.
    var databases: String
    /// Tells this run from one of the same number in another life of the server.
    var assignedAt: String
    var phase: RunPhase
    /// The image that runs: name and digest.
    var resolvedImage: String?
    var containerID: String?
    /// Which relay serves the run; see ``RelayPool``.
    var relay: String?
    var outcome: String?
    var note: String?
    /// Whether its result goes to the server as a blob.
    var usesBlobs: Bool
    /// Whether the algorithm created subtasks: it then waits for others and does not count as computing.
    var hasSubtasks: Bool
    var startedAt: String?
    var finishedAt: String?
    /// When this record changed last, seconds since 1970.
    var changedAt: Double
}
