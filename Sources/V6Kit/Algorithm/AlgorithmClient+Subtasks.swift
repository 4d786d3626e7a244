// SPDX-License-Identifier: Apache-2.0

internal import Foundation

extension AlgorithmClient {
    /// Creates a subtask and returns the result of each of its runs, in no order that means anything.
    /// - Throws: ``AlgorithmError`` when it cannot be created, or one of its runs failed.
    public func results(
        of method: String, _ arguments: JSONObject, at organizations: [Int], name: String = "subtask"
    ) async throws -> [JSONValue] {
        let subtask = try await createSubtask(method, arguments, at: organizations, name: name)
        try await wait(for: subtask)
        return try await results(of: subtask)
    }

    /// Creates a task of this run's image, with this run's databases, as a child of this run's task.
    /// - Throws: ``AlgorithmError`` when no organization is named or the server refuses.
    public func createSubtask(
        _ method: String, _ arguments: JSONObject, at organizations: [Int], name: String = "subtask"
    ) async throws -> Subtask {
        guard !organizations.isEmpty else { throw AlgorithmError("no organization is there to run \(method)") }
        let input = TaskInput(method: method, keywords: arguments).data
        let stored = try await get("blobstream/status")["blob_store_enabled"]?.boolValue ?? false
        var addressed: [JSONValue] = []
        for organization in organizations {
            let sent = stored ? try await upload(input, for: organization) : PlainText.encode(input)
            addressed.append(["id": JSONValue(organization), "input": .string(sent)])
        }
        var body: JSONObject = [
            "name": .string(name),
            "image": .string(identity.image),
            "collaboration_id": JSONValue(identity.collaborationID),
            "description": .string("task from container on node_id=\(identity.nodeID)"),
            "organizations": .array(addressed),
            "databases": .array(identity.databases),
        ]
        if let study = identity.studyID { body["study_id"] = JSONValue(study) }
        if let store = identity.storeID { body["store_id"] = JSONValue(store) }
        let answer = try await post("task", JSONValue.object(body).data(.python))
        guard let id = answer["id"]?.intValue else {
            throw AlgorithmError("the server created a subtask for \(method) but did not tell its id")
        }
        return Subtask(id: id, method: method, organizations: organizations)
    }

    /// Waits until no run of a subtask goes on.
    /// - Throws: ``AlgorithmError`` that names the runs that failed.
    public func wait(for subtask: Subtask) async throws {
        var backOff = PollingPauses(first: .milliseconds(50), longest: .seconds(1))
        while true {
            let text = try await get("task/\(subtask.id)/status")["status"]?.stringValue ?? ""
            // A status of a newer server that we do not know is waited out like one that goes on.
            if let status = RunStatus(rawValue: text), status.isFinished {
                if status.isFailed { throw try await failure(of: subtask, status) }
                return
            }
            try await pause(backOff.next())
        }
    }

    /// The results of a subtask that has completed.
    /// - Throws: ``AlgorithmError`` when one is missing or cannot be read.
    public func results(of subtask: Subtask) async throws -> [JSONValue] {
        var values: [JSONValue] = []
        for entry in try await pages("result", [("task_id", subtask.id)]) {
            guard let text = entry["result"]?.stringValue, !text.isEmpty else { continue }
            do {
                let stored = entry["blob_storage_used"]?.boolValue ?? false
                let data = stored ? try await blob(text) : try PlainText.decode(text)
                values.append(try JSONValue(parsing: data))
            } catch {
                throw AlgorithmError("a result of subtask \(subtask.id) (\(subtask.method)) cannot be read: \(error)")
            }
        }
        guard values.count == subtask.organizations.count else {
            throw AlgorithmError(
                "subtask \(subtask.id) (\(subtask.method)) has \(values.count) results for "
                    + "\(subtask.organizations.count) organizations")
        }
        return values
    }

    /// Hands the input to the blob store of the server; the proxy encrypts it on the way.
    private func upload(_ input: Data, for organization: Int) async throws -> String {
        let key = try await get("organization/\(organization)")["public_key"]?.stringValue ?? ""
        let answer = try await post(
            "blobstream", input, contentType: "application/octet-stream",
            headers: [(name: "X-Public-Key", value: key)])
        guard let id = answer["uuid"]?.stringValue else {
            throw AlgorithmError("the server took the input of a subtask but did not tell where it is")
        }
        return id
    }

    private func failure(of subtask: Subtask, _ status: RunStatus) async throws -> AlgorithmError {
        let failed = try await pages("run", [("task_id", subtask.id)]).compactMap { run -> String? in
            guard let text = run["status"]?.stringValue, text != RunStatus.completed.rawValue else { return nil }
            let organization = run["organization"]?["id"]?.intValue.map { "organization \($0)" } ?? "an organization"
            let id = run["id"]?.intValue.map { " (run \($0))" } ?? ""
            return "\(organization)\(id): \(text)"
        }
        return AlgorithmError(
            "subtask \(subtask.id) (\(subtask.method)) ended as \"\(status.rawValue)\": "
                + (failed.isEmpty ? "no run tells more" : failed.joined(separator: "; "))
                + ". See the log of those runs.")
    }
}
