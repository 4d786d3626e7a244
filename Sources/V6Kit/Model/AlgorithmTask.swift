// SPDX-License-Identifier: Apache-2.0

/// A request to run one method of an algorithm image at some organizations.
public struct AlgorithmTask: Sendable, Hashable, Codable {
    /// A database the task asks for.
    public struct Database: Sendable, Hashable, Codable {
        public let label: String
        /// Everything else that was asked (query, sheet name, ...), as a JSON text.
        public let parameters: String?
    }

    public let id: Int
    public let name: String?
    public let description: String?
    public let image: String
    /// Derived from the runs; see ``RunStatus/ofTask(_:)``.
    public var status: RunStatus
    public let createdAt: Timestamp?
    /// When the last run ended; nil unless the task is completed.
    public let finishedAt: Timestamp?
    /// The same for a task and all its subtasks.
    public let jobID: Int?
    public let collaboration: Link?
    public let study: Link?
    /// The task whose algorithm created this one; nil for a task of a user.
    public let parent: Link?
    public let initOrganization: Link?
    public let initUser: Link?
    public let databases: [Database]?
    /// The store that named the image; nil where a person did.
    public let store: Link?

    private enum CodingKeys: String, CodingKey {
        case id, name, description, image, status, collaboration, study, parent, databases
        case createdAt = "created_at"
        case finishedAt = "finished_at"
        case jobID = "job_id"
        case initOrganization = "init_org"
        case initUser = "init_user"
        case store = "algorithm_store"
    }
}
