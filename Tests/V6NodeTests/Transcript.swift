// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit

@testable import V6Node

/// A recording of the original node (4.15.2) as what has to be changed to get ours: lines with `-` are only in the recording, lines
/// with `+` only here, `#` says why, and all others are the same in both.
struct Transcript {
    /// One line: a call or an event, what it names, and what it carries.
    struct Line: Hashable, CustomStringConvertible {
        let name: String
        var query: [String: String] = [:]
        var members: [String]?

        var description: String {
            "\(name) \(query.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }) \(members ?? [])"
        }

        /// Reads a line of the recording.
        init(recorded line: Substring) throws {
            let isEvent = line.hasPrefix("emit ")
            let words = line.split(separator: " ", maxSplits: isEvent ? 2 : 3).map(String.init)
            name = words.dropFirst(isEvent ? 0 : 1).prefix(2).joined(separator: " ")
            guard let rest = words.dropFirst(isEvent ? 2 : 3).first else { return }
            let object = try JSONValue(parsing: Data(rest.drop { $0 != "{" }.utf8)).objectValue ?? [:]
            if rest.hasPrefix("params=") {
                query = Dictionary(
                    uniqueKeysWithValues: object.map { ($0.key, $0.value.stringValue ?? $0.value.text()) })
            } else {
                members = Self.members(object)
            }
        }

        init(_ call: StubServer.Call) {
            let parts = URLComponents(string: "/api" + call.path)
            name = "\(call.method) \(parts?.path ?? "")"
            var items = parts?.queryItems ?? []
            // Pages are asked for by size and number here; the original takes what it is given.
            if items.contains(where: { $0.name == "per_page" }) {
                items.removeAll { ["page", "per_page"].contains($0.name) }
            }
            query = Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.value ?? "") })
            members = call.body.objectValue.map(Self.members)
        }

        init(event: String, _ payload: JSONValue) {
            name = "emit \(event)"
            members = payload.objectValue.map(Self.members)
        }

        /// Members in their order; of a time its form, which the original server is strict about, and of the node's own words that
        /// there are some.
        private static func members(_ object: JSONObject) -> [String] {
            object.map { key, value in
                if key == "log", value.stringValue?.hasPrefix("[node] ") == true { return "log: a reason" }
                guard key.hasSuffix("_at"), let text = value.stringValue else { return "\(key): \(value.text())" }
                let isTime = text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(\+00:00)?/) != nil
                return "\(key): \(isTime ? "a time" : text)"
            }
        }
    }

    /// What has to go over the wire here.
    private let expected: [Line]

    init(_ text: String) throws {
        expected = try text.split(separator: "\n").filter { !$0.hasPrefix("-") && !$0.hasPrefix("#") }
            .map { try Line(recorded: $0.dropFirst()) }
    }

    /// Compares with what was said.
    func expect(_ actual: [Line]) {
        for (line, wanted) in zip(actual, expected) { #expect(line == wanted) }
        #expect(actual.count == expected.count, "\(actual.map(\.description).joined(separator: "\n"))")
    }

    /// A server that takes down what it is called, and a node whose events are taken down between the calls.
    final class Stage: Sendable {
        let server: StubServer
        let harness: NodeHarness
        private let spoken: SpokenLines
        /// The statuses that the node told of, and the names of its other events.
        private let told: AsyncStream<String>

        init(engine: StubEngine = StubEngine(), policy: PolicyConfiguration = PolicyConfiguration()) throws {
            let spoken = SpokenLines()
            let server = StubServer { spoken.add(Line($0)) }
            server.answer(
                "GET /node/5", 200, ["name": "alpha", "organization": ["id": 1], "collaboration": ["id": 1]])
            server.answer("GET /organization/1", 200, ["name": "alpha"])
            server.answer("GET /collaboration/1", 200, ["name": "open", "encrypted": false])
            let (told, continuation) = AsyncStream.makeStream(of: String.self)
            harness = try NodeHarness(server: server, engine: engine, policy: policy) { event, payload in
                spoken.add(Line(event: event, payload))
                continuation.yield(payload["status"]?.stringValue ?? event)
            }
            self.server = server
            self.spoken = spoken
            self.told = told
        }

        /// The same, once the node has signed in.
        static func signedIn(
            engine: StubEngine = StubEngine(), policy: PolicyConfiguration = PolicyConfiguration()
        ) async throws -> Stage {
            let stage = try Stage(engine: engine, policy: policy)
            _ = try await stage.harness.signIn()
            _ = stage.take()
            return stage
        }

        /// What went over the wire since the last time it was asked for.
        func take() -> [Line] { spoken.take() }

        /// Waits until the node tells of a status.
        func wait(for status: RunStatus) async { await wait(for: status.rawValue) }

        /// Waits until the node sends lines of a log.
        func waitForLog() async { await wait(for: "algorithm_log") }

        private func wait(for what: String) async {
            for await told in told where told == what { return }
        }
    }

    /// Lines in the order in which they were said.
    final class SpokenLines: Sendable {
        private let lines = Mutex<[Line]>([])

        func add(_ line: Line) { lines.withLock { $0.append(line) } }

        func take() -> [Line] {
            lines.withLock { lines in
                defer { lines = [] }
                return lines
            }
        }
    }
}
