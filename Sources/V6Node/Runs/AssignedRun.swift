// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A run as the server hands it to its node, with what the node needs to know of its task.
struct AssignedRun: Sendable, Hashable {
    /// A database the task asks for.
    struct RequestedDatabase: Sendable, Hashable, Codable {
        let label: String
        var query: String?
        var sheetName: String?
        /// JSON text.
        var preprocessing: String?
    }

    let id: Int
    let taskID: Int
    /// Shared by a task and all its subtasks.
    let jobID: Int
    /// The task whose algorithm created this one.
    let parentID: Int?
    let image: String
    /// Whose public key the result is encrypted for.
    let initOrganizationID: Int
    let initUserID: Int?
    let storeID: Int?
    let databases: [RequestedDatabase]
    /// With the identifier it tells this run from one of the same number in another life of the server.
    let assignedAt: String
    /// Set when some node already began with it.
    let startedAt: String?
    /// As on the wire.
    let input: String
    /// Whether input and result are names of blobs at the server.
    let usesBlobs: Bool

    /// Reads an item of `GET run?include=task`; nil when it lacks something no run can lack.
    init?(_ run: JSONValue) {
        guard let id = run["id"]?.intValue, let task = run["task"], let taskID = task["id"]?.intValue,
            let image = task["image"]?.stringValue, let organization = task["init_org"]?["id"]?.intValue
        else { return nil }
        self.id = id
        self.taskID = taskID
        self.jobID = task["job_id"]?.intValue ?? taskID
        self.parentID = task["parent"]?["id"]?.intValue
        self.image = image
        self.initOrganizationID = organization
        self.initUserID = task["init_user"]?["id"]?.intValue
        self.storeID = task["algorithm_store"]?["id"]?.intValue
        self.assignedAt = run["assigned_at"]?.stringValue ?? ""
        self.startedAt = run["started_at"]?.stringValue
        self.input = run["input"]?.stringValue ?? ""
        self.usesBlobs = run["blob_storage_used"]?.boolValue ?? false
        self.databases = (task["databases"]?.arrayValue ?? []).compactMap(RequestedDatabase.init)
    }

    /// A run from its parts.
    init(
        id: Int, taskID: Int, jobID: Int, parentID: Int? = nil, image: String, initOrganizationID: Int,
        initUserID: Int? = nil, storeID: Int? = nil, databases: [RequestedDatabase] = [], assignedAt: String,
        startedAt: String? = nil, input: String = "", usesBlobs: Bool = false
    ) {
        self.id = id
        self.taskID = taskID
        self.jobID = jobID
        self.parentID = parentID
        self.image = image
        self.initOrganizationID = initOrganizationID
        self.initUserID = initUserID
        self.storeID = storeID
        self.databases = databases
        self.assignedAt = assignedAt
        self.startedAt = startedAt
        self.input = input
        self.usesBlobs = usesBlobs
    }
}

extension AssignedRun.RequestedDatabase {
    /// Reads an item of a task's `databases`, whose parameters 4.15 hands out as a JSON text.
    init?(_ item: JSONValue) {
        guard let label = item["label"]?.stringValue else { return nil }
        self.init(label: label)
        var parameters = item
        if let text = item["parameters"]?.stringValue, let parsed = try? JSONValue(parsing: text) {
            parameters = parsed
        }
        query = parameters["query"]?.stringValue
        sheetName = parameters["sheet_name"]?.stringValue
        if let steps = parameters["preprocessing"], !steps.isNull { preprocessing = steps.text(.python) }
    }
}
