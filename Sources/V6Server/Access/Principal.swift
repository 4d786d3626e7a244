// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Who sends a request, as far as its token and the database say.
struct Principal: Sendable {
    /// The kinds of callers; an endpoint names those it serves.
    enum Kind: String, Sendable, CaseIterable {
        case user, node, container
        /// Nobody: the caller of an open endpoint.
        case anonymous
    }

    /// What only one kind of caller has.
    enum Identity: Sendable {
        case user(username: String)
        case node(name: String, collaborationID: Int64?)
        case container(ContainerIdentity)
        case anonymous
    }

    let identity: Identity
    /// The identifier of the user or node; for a container that of its node.
    let id: Int64
    let organizationID: Int64?
    let permissions: Permissions
    /// The job that the task of a container belongs to; nil for everybody else, and for tasks without one.
    var jobID: Int64?

    var kind: Kind {
        switch identity {
        case .user: .user
        case .node: .node
        case .container: .container
        case .anonymous: .anonymous
        }
    }

    /// Nobody.
    static let anonymous = Principal(identity: .anonymous, id: 0, organizationID: nil, permissions: Permissions())

    /// What a container's token says of its task; nil for users and nodes.
    var container: ContainerIdentity? {
        if case .container(let container) = identity { container } else { nil }
    }

    /// The collaboration a node serves; nil for everybody else, and for a node that was taken out of its own.
    var nodeCollaborationID: Int64? {
        if case .node(_, let collaboration) = identity { collaboration } else { nil }
    }

    /// The identifier of the user; nil for nodes and containers, who own nothing.
    var userID: Int64? { kind == .user ? id : nil }
}

/// The subject of a container token.
struct ContainerIdentity: Sendable, Hashable {
    let nodeID: Int64
    let organizationID: Int64
    let collaborationID: Int64
    let studyID: Int64?
    let storeID: Int64?
    let taskID: Int64
    let image: String
    let databases: JSONValue

    /// Reads the `sub` of a token; nil when it is none of a container (a recovery token, for example).
    init?(subject: JSONValue) {
        guard let nodeID = subject["node_id"]?.intValue, let organizationID = subject["organization_id"]?.intValue,
            let collaborationID = subject["collaboration_id"]?.intValue, let taskID = subject["task_id"]?.intValue
        else { return nil }
        self.nodeID = Int64(nodeID)
        self.organizationID = Int64(organizationID)
        self.collaborationID = Int64(collaborationID)
        self.taskID = Int64(taskID)
        studyID = subject["study_id"]?.intValue.map(Int64.init)
        storeID = subject["store_id"]?.intValue.map(Int64.init)
        image = subject["image"]?.stringValue ?? ""
        databases = subject["databases"] ?? []
    }

    init(
        nodeID: Int64, organizationID: Int64, collaborationID: Int64, studyID: Int64?, storeID: Int64?, taskID: Int64,
        image: String, databases: JSONValue
    ) {
        self.nodeID = nodeID
        self.organizationID = organizationID
        self.collaborationID = collaborationID
        self.studyID = studyID
        self.storeID = storeID
        self.taskID = taskID
        self.image = image
        self.databases = databases
    }

    /// The `sub` of a token.
    var subject: JSONValue {
        [
            "client_type": "container", "node_id": .integer(nodeID), "organization_id": .integer(organizationID),
            "collaboration_id": .integer(collaborationID), "study_id": .optional(studyID),
            "store_id": .optional(storeID), "task_id": .integer(taskID), "image": .string(image),
            "databases": databases,
        ]
    }
}
