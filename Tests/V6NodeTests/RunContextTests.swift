// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Node

/// The file that describes a run to its algorithm.
struct RunContextTests {
    private let databases: [DatabaseConfiguration] = [
        .init(
            label: "default", uri: "/data/a.csv", type: "csv", kind: .file(suffix: ".csv"), isMountedReadOnly: false,
            parameters: [:]),
        .init(
            label: "pg", uri: "postgresql://h/d", type: "sql", kind: .connection, isMountedReadOnly: false,
            parameters: [:]),
    ]
    private let identity = NodeIdentity(
        nodeID: 5, name: "n", organizationID: 1, organizationName: "o", collaborationID: 2, collaborationName: "c",
        isEncrypted: false)

    private func context(_ input: String, asksFor labels: [String]) throws -> JSONValue {
        let run = AssignedRun(
            id: 18, taskID: 9, jobID: 9, image: "a", initOrganizationID: 1,
            databases: labels.map { .init(label: $0, query: "select 1") }, assignedAt: "t")
        return try RunContext(run, input: Data(input.utf8), databases: databases, identity: identity).json
    }

    @Test func theFileSaysWhatToDo() throws {
        let json = try context(
            #"{"method": "average", "args": [1], "kwargs": {"column": "age"}}"#, asksFor: ["default"])
        #expect(json["schema_version"] == "0.1")
        #expect(json["entrypoint"]?["name"] == "average")
        #expect(json["arguments"]?["positional"] == [1])
        #expect(json["arguments"]?["named"]?["column"] == "age")
        #expect(json["executor"]?["kind"] == "vantage6-node" && json["executor"]?["id"] == 5)
        #expect(json["inputs"]?[0]?["uri"] == "/mnt/data/default.csv")
        #expect(json["inputs"]?[0]?["arguments"]?["query"] == "select 1")
        #expect(json["outputs"]?[0]?["uri"] == "/mnt/data/task-000000018/output")
        #expect(json["x-vantage6"]?["api_proxy"]?["port"] == "8080")
        #expect(json["x-vantage6"]?["run_id"] == 18)
    }

    @Test func whatCannotBeDescribedEndsTheRun() {
        #expect(throws: RunContext.Problem.self) { try context("no json", asksFor: []) }
        #expect(throws: RunContext.Problem.self) { try context(#"{"args": []}"#, asksFor: []) }
        let problem = #expect(throws: RunContext.Problem.self) { try context(#"{"method": "m"}"#, asksFor: ["pg"]) }
        #expect(problem?.description.contains("pg is none") == true)
    }
}
