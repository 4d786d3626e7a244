// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The description of a run that an algorithm finds in a file (`run_context_file`).
struct RunContext: Sendable {
    /// Why there cannot be one.
    struct Problem: Error, Sendable, CustomStringConvertible {
        let description: String
    }

    static let variable = "RUN_CONTEXT_FILE"
    static let version = "0.1"

    /// The document.
    let json: JSONValue

    /// Describes a run.
    /// - Parameters:
    ///   - run: the run.
    ///   - input: what the algorithm is called with.
    ///   - databases: all databases of the node.
    ///   - identity: who the node is.
    /// - Throws: ``Problem`` when the input is no call, or a database is no file: 4.15.2 ends such runs as well.
    init(
        _ run: AssignedRun, input: Data, databases: [DatabaseConfiguration], identity: NodeIdentity
    ) throws(Problem) {
        guard let call = try? JSONValue(parsing: input), let method = call["method"]?.stringValue else {
            throw Problem(description: "the run context file needs an input that names a method")
        }
        var inputs: [JSONValue] = []
        for requested in run.databases {
            guard let database = databases.first(where: { $0.label == requested.label }) else { continue }
            guard database.kind != .connection else {
                throw Problem(
                    description: """
                        the run context file describes databases that are files or folders, and \(database.label) is none; \
                        set run_context_file to false for this node
                        """)
            }
            var item: JSONObject = [
                "id": .string(database.label), "uri": .string(database.uriInContainer), "type": .string(database.type),
            ]
            var arguments = JSONObject()
            arguments["query"] = requested.query.map { .string($0) }
            arguments["sheet_name"] = requested.sheetName.map { .string($0) }
            arguments["preprocessing"] = requested.preprocessing.flatMap { try? JSONValue(parsing: $0) }
            if !arguments.isEmpty { item["arguments"] = .object(arguments) }
            inputs.append(.object(item))
        }
        json = [
            "schema_version": .string(Self.version),
            "entrypoint": ["name": .string(method)],
            "arguments": ["positional": call["args"] ?? [], "named": call["kwargs"] ?? [:]],
            "executor": ["id": JSONValue(identity.nodeID), "kind": "vantage6-node"],
            "inputs": .array(inputs),
            "outputs": [["id": "result", "uri": .string(RunPaths.inContainer(run.id, "output"))]],
            "x-vantage6": [
                "run_id": JSONValue(run.id), "task_id": JSONValue(run.taskID),
                "collaboration_id": JSONValue(identity.collaborationID),
                "token_file": .string(RunPaths.inContainer(run.id, "token")),
                "api_proxy": [
                    "host": .string(RunPaths.proxyHost), "port": .string(String(RunPaths.proxyPort)), "api_path": "",
                ],
                "temporary_directory": .string(RunPaths.temporaryInContainer),
            ],
        ]
    }
}
