// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A task that a request asks for, after everything was checked that can be checked before it is stored.
struct TaskPlan: Sendable {
    let collaboration: CollaborationRecord
    let studyID: Int64?
    let organizations: [JSONValue]
    let name: String
    let description: String
    let image: String
    let databases: [JSONValue]
    /// The task whose container asks; nil when a user does.
    let parent: TaskRecord?

    /// Checks in the order of 4.15.2.
    ///
    /// - Throws: ``Failure`` with the first refusal.
    init(_ body: JSONObject, _ call: Call) throws {
        let session = call.session
        organizations = body["organizations"]?.arrayValue ?? []
        // As written: a number in quotes names no organization.
        let ids = organizations.map { $0["id"]?.intValue.map(Int64.init) ?? -1 }
        if let place = body["collaboration_id"].flatMap(LenientInteger.read) {
            session.expect([
                CollaborationRecord.finding(place), MembershipTable.collaboration.findingMembers(of: place),
                Self.findingServed(ids, in: place), NodePolicyCheck.findingPolicies(of: ids, in: place),
                TaskInsertion.findingJob,
            ])
            call.principal.organizationID.map { session.expect([Access.findingCollaborations(of: $0)]) }
        }
        (collaboration, studyID) = try Self.place(body, session)
        name = body["name"]?.stringValue ?? ""
        description = body["description"]?.stringValue ?? ""
        image = body["image"]?.stringValue ?? ""
        databases = body["databases"]?.arrayValue ?? []

        let members = try MembershipTable.collaboration.members(of: collaboration.id, session)
        guard Set(ids).isSubset(of: members) else {
            throw Failure.invalid("At least one of the supplied organizations in not within the collaboration.")
        }
        if let studyID, !Set(ids).isSubset(of: try MembershipTable.study.members(of: studyID, session)) {
            throw Failure.invalid("At least one of the supplied organizations in not within the specified study.")
        }
        try Self.requireNodes(ids, in: collaboration.id, session)
        try NodePolicyCheck(session: session)
            .require(organizations: ids, collaboration: collaboration.id, caller: call.principal)
        guard try call.access.collaborations(of: call.principal.organizationID).contains(collaboration.id) else {
            throw Failure.unauthorized("You can only create tasks for collaborations you are participating in!")
        }
        if let container = call.principal.container {
            parent = try Self.parent(of: container, image: image, collaboration: collaboration.id, session)
        } else {
            parent = nil
            try call.require(try call.access.onCollaboration(.task, .create, collaboration.id))
        }
    }

    private static func place(_ body: JSONObject, _ session: any SQLSession) throws -> (CollaborationRecord, Int64?) {
        var collaborationID = body["collaboration_id"].flatMap(LenientInteger.read)
        let studyID = body["study_id"].flatMap(LenientInteger.read)
        if let id = collaborationID, try CollaborationRecord.find(id, session) == nil {
            throw Failure.notFound("Collaboration id=\(id) not found!")
        }
        if let studyID {
            guard let study = try StudyRecord.find(studyID, session) else {
                throw Failure.notFound("Study id=\(studyID) not found")
            }
            if let id = collaborationID, id != study.collaborationID {
                throw Failure.invalid(
                    "The study_id '\(studyID)' does not belong to the collaboration_id '\(id)' that is given.")
            }
            collaborationID = study.collaborationID
        }
        guard let id = collaborationID, let collaboration = try CollaborationRecord.find(id, session) else {
            throw Failure.notFound("Collaboration id=\(collaborationID ?? 0) not found!")
        }
        return (collaboration, studyID)
    }

    private static func findingServed(_ ids: [Int64], in collaboration: Int64) -> SQL {
        "SELECT organization_id FROM node WHERE collaboration_id = \(collaboration) AND organization_id IN \(list: ids)"
    }

    private static func requireNodes(_ ids: [Int64], in collaboration: Int64, _ session: any SQLSession) throws {
        let served = Set(try session.integers(findingServed(ids, in: collaboration)))
        // An organization named twice is refused as well, with an empty list of names (4.15.2).
        guard served.count == ids.count else {
            let missing = Set(ids).subtracting(served).sorted().map(String.init).joined(separator: ", ")
            throw Failure.invalid(
                "Cannot create this task because there are no nodes registered for the following organization(s): "
                    + "\(missing).")
        }
    }

    private static func parent(
        of container: ContainerIdentity, image: String, collaboration: Int64, _ session: any SQLSession
    ) throws -> TaskRecord {
        guard image.hasSuffix(container.image), collaboration == container.collaborationID,
            let parent = try TaskRecord.find(container.taskID, session),
            !(try TaskRecord.status(parent.id, session).isFinished)
        else { throw Failure.unauthorized("Container-token is not valid") }
        return parent
    }
}
