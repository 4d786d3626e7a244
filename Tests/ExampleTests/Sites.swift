// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import V6Kit

/// The repository's data and reference figures.
enum Examples {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The CSV file of each site.
    static let sites = ["alpha", "beta", "gamma"].map { root.appendingPathComponent("examples/data/\($0).csv") }

    /// What `examples/pooled.py` prints.
    static func pooled() throws -> JSONValue {
        try JSONValue(
            parsing: Data(contentsOf: root.appendingPathComponent("Tests/ExampleTests/Fixtures/pooled.json")))
    }

    /// The largest relative difference of any number, with its place; what is missing or of another kind is infinite.
    static func difference(
        _ expected: JSONValue, _ found: JSONValue?, at place: String = ""
    ) -> (size: Double, place: String) {
        if let members = expected.objectValue {
            return members.map { difference($0.value, found?[$0.key], at: "\(place).\($0.key)") }
                .max { $0.size < $1.size } ?? (0, place)
        }
        guard let number = expected.doubleValue else { return (expected == found ? 0 : .infinity, place) }
        guard let other = found?.doubleValue, other.isFinite else { return (.infinity, place) }
        return (number == 0 ? abs(other) : abs(number - other) / abs(number), place)
    }
}

/// Three sites in this process: runs an algorithm's central method against a proxy that runs the partial ones.
///
/// Every call goes through the algorithm contract: input files, environment, `POST /task`, base64 results.
final class Sites: HTTPTransport {
    private let methods: [AlgorithmMethod]
    private let tables: [Int: URL]
    private let results = Mutex<[Int: [String]]>([:])

    /// Sites with these tables, as organizations 1, 2, ...
    init(_ methods: [AlgorithmMethod], tables: [URL] = Examples.sites) {
        self.methods = methods
        self.tables = Dictionary(uniqueKeysWithValues: zip(1..., tables))
    }

    /// The number of subtasks so far.
    var subtasks: Int { results.withLock { $0.count } }

    /// The result of a method called at the first organization.
    func call(_ method: String, _ arguments: JSONObject) async throws -> JSONValue {
        try await run(TaskInput(method: method, keywords: arguments).data, at: 1)
    }

    private func run(_ input: Data, at organization: Int) async throws -> JSONValue {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("v6-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let files = ["INPUT": input, "OUTPUT": Data(), "TOKEN": Data(Self.token.utf8)]
        var variables = ["HOST": "http://sites", "PORT": "1", "USER_REQUESTED_DATABASE_LABELS": "default"]
        for (name, content) in files {
            let file = folder.appendingPathComponent(name)
            try content.write(to: file)
            variables["\(name)_FILE"] = file.path
        }
        variables["DEFAULT_DATABASE_URI"] = tables[organization]?.path
        let environment = AlgorithmEnvironment(variables.mapValues(EnvironmentEncoding.encode))
        let outcome: Result<JSONValue, any Error>
        do {
            try await AlgorithmProgram(methods).execute(environment, log: AlgorithmLog { _ in }, transport: self)
            outcome = .success(try JSONValue(parsing: Data(contentsOf: folder.appendingPathComponent("OUTPUT"))))
        } catch {
            outcome = .failure(error)
        }
        try FileManager.default.removeItem(at: folder)
        return try outcome.get()
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let path = request.url.replacing("http://sites:1/", with: "")
        let answer = try await answer(path, request.body)
        return HTTPResponse(status: 200, headers: HTTPHeaders(), body: answer.data(.python))
    }

    private func answer(_ path: String, _ body: Data?) async throws -> JSONValue {
        switch path.split(separator: "/").first?.split(separator: "?").first {
        case "blobstream":
            return ["blob_store_enabled": false]
        case "organization":
            return ["data": .array(tables.keys.sorted().map { ["id": JSONValue($0)] })]
        case "task" where body == nil:
            return ["status": "completed"]
        case "task":
            let task = try JSONValue(parsing: try #require(body))
            var outputs: [String] = []
            for addressed in try #require(task["organizations"]?.arrayValue) {
                let input = try PlainText.decode(try #require(addressed["input"]?.stringValue))
                let output = try await run(input, at: try #require(addressed["id"]?.intValue))
                outputs.append(PlainText.encode(output.data(.python)))
            }
            let id = results.withLock { results in
                let id = results.count + 1
                results[id] = outputs
                return id
            }
            return ["id": JSONValue(id)]
        default:
            let outputs = results.withLock { $0[$0.count] } ?? []
            return ["data": .array(outputs.map { ["result": .string($0)] })]
        }
    }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        throw TransportError(code: .broken, message: "not used")
    }

    private static let token: String = {
        let claims: JSONValue = [
            "sub": ["node_id": 1, "organization_id": 1, "collaboration_id": 1, "task_id": 1, "image": "example:1"]
        ]
        return "e30.\(claims.data().base64EncodedString().replacing("=", with: "")).c2ln"
    }()
}
