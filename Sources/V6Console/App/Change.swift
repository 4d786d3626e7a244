// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A change of the server's records that an operator decided: the request, and how to tell of it.
struct Change: Hashable, Sendable {
    var method: String
    /// Below the API path, such as `/user/3`.
    var path: String
    var body: JSONObject?
    var query: [String: String] = [:]
    /// What it makes or deletes, if that is what it does.
    var creates: RecordKind?
    var deletes: Deletion?
    /// What is going on, such as "deleting role 5".
    var doing: String
    /// What was reached, such as "Role 5 is deleted".
    var done: String
    /// What shows it.
    var reloads: [Subject] = [.surroundings]

    /// The end of a record.
    struct Deletion: Hashable, Sendable {
        var kind: RecordKind
        var id: Int
        /// Also removes what hangs on the record (4.15.2: `delete_dependents`).
        var includesDependents = false
    }

    /// Removes the record, after a person typed its name.
    static func deletion(of kind: RecordKind, _ id: Int, named name: String) -> Change {
        Change(
            method: "DELETE", path: "/\(kind.path)/\(id)", deletes: Deletion(kind: kind, id: id),
            doing: "deleting \(name)", done: "\(name) is deleted",
            reloads: kind.reloads)
    }
}

extension V6Client {
    /// Sends a change; returns the answer.
    @discardableResult
    func make(_ change: Change) async throws -> JSONValue {
        var query = change.query.map { ($0.key, $0.value) }
        if change.deletes?.includesDependents == true { query.append(("delete_dependents", "true")) }
        return try await call(change.method, change.path, query: query, body: change.body.map(JSONValue.object)).json
    }
}
