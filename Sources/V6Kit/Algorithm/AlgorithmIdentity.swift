// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Who a run is, as its container token tells.
///
/// The token is read, not verified: the server does that whenever it is shown.
public struct AlgorithmIdentity: Sendable, Hashable {
    /// The token itself, without blanks around it.
    public let token: String
    /// The node that started the run.
    public let nodeID: Int
    /// The organization of that node.
    public let organizationID: Int
    /// The collaboration of the task.
    public let collaborationID: Int
    /// The study of the task, if it is one of a study.
    public let studyID: Int?
    /// The algorithm store of the task, if it names one.
    public let storeID: Int?
    /// The task.
    public let taskID: Int
    /// The image of the task; subtasks must name the same.
    public let image: String
    /// The databases of the task, with label and parameters.
    public let databases: [JSONValue]

    /// Reads the claims of a token: the subject is an object, not a text.
    /// - Throws: ``AlgorithmError`` when it is no container token.
    public init(token: String) throws {
        self.token = token.trimmingCharacters(in: .whitespacesAndNewlines)
        let parts = self.token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Self.decode(base64URL: parts[1]),
            let subject = (try? JSONValue(parsing: payload))?["sub"],
            let node = subject["node_id"]?.intValue,
            let organization = subject["organization_id"]?.intValue,
            let collaboration = subject["collaboration_id"]?.intValue,
            let task = subject["task_id"]?.intValue,
            let image = subject["image"]?.stringValue
        else { throw AlgorithmError("the token file of this run holds no container token") }
        nodeID = node
        organizationID = organization
        collaborationID = collaboration
        studyID = subject["study_id"]?.intValue
        storeID = subject["store_id"]?.intValue
        taskID = task
        self.image = image
        databases = subject["databases"]?.arrayValue ?? []
    }

    private static func decode(base64URL text: Substring) -> Data? {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: standard + String(repeating: "=", count: (4 - standard.count % 4) % 4))
    }
}
