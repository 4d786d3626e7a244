// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Synchronization
import V6Kit
import V6TestSupport

@testable import V6Console

/// Collects what a command prints.
final class Collector: Sendable {
    private let data = Mutex(Data())

    var text: String { String(decoding: data.withLock { $0 }, as: UTF8.self) }

    var sink: TextSink { TextSink { new in self.data.withLock { $0.append(new) } } }
}

/// A server in memory: answers each `METHOD /path` from a table, and remembers what it was asked.
final class StubServer: HTTPTransport {
    struct Call: Sendable {
        let line: String
        let query: String
        let body: JSONValue
    }

    typealias Answer = @Sendable (_ call: Call) -> (Int, JSONValue)

    private let answers: [String: Answer]
    private let failure: TransportError?
    private let received = Mutex<[Call]>([])

    init(_ answers: [String: Answer], failing failure: TransportError? = nil) {
        self.answers = answers
        self.failure = failure
    }

    /// A server that cannot be reached.
    convenience init(failing failure: TransportError) { self.init([:], failing: failure) }

    var calls: [Call] { received.withLock { $0 } }

    /// The bodies sent to one endpoint.
    func bodies(_ line: String) -> [JSONValue] { calls.filter { $0.line == line }.map(\.body) }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let url = URLComponents(string: request.url), !url.path.hasPrefix("/socket.io") else {
            throw TransportError(code: .cannotConnect, message: "no live connection here")
        }
        if let failure { throw failure }
        let body = try request.body.map { try JSONValue(parsing: $0) } ?? .null
        let path = url.path.replacing("/api/", with: "/", maxReplacements: 1)
        let call = Call(line: "\(request.method) \(path)", query: url.percentEncodedQuery ?? "", body: body)
        received.withLock { $0.append(call) }
        let answer = answers[call.line]?(call) ?? (404, ["msg": .string("nothing at \(path)")])
        return HTTPResponse(status: answer.0, headers: HTTPHeaders(), body: answer.1.data())
    }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        let response = try await send(request)
        return HTTPStream(
            status: response.status, headers: response.headers,
            body: AsyncThrowingStream { continuation in
                continuation.yield(response.body)
                continuation.finish()
            })
    }

    /// An answer that is always the same.
    static func json(_ value: JSONValue, status: Int = 200) -> Answer { { _ in (status, value) } }

    /// A list of one page.
    static func list(_ records: [JSONValue]) -> Answer { json(["data": .array(records)]) }
}

/// Runs command lines in a world of its own: environment, files, server, terminal.
struct CommandsWorld: Sendable {
    var environment: [String: String] = ["V6_SERVER_URL": "http://v6.test", "V6_TOKEN": "token"]
    var terminal = TerminalTraits()
    var input = ""
    /// What the person types, when there is one.
    var typed: [String] = []
    var server: StubServer = StubServer([:])
    let folder: URL

    static let now = Timestamp("2026-11-23T12:00:00") ?? Timestamp(microseconds: 0)

    struct Ending {
        let status: Int32
        let output: String
        let talk: String

        /// The output as JSON.
        var json: JSONValue { Self.json(output) }
        /// The failure that was told as JSON.
        var error: JSONValue? { Self.json(talk)["error"] }

        private static func json(_ text: String) -> JSONValue {
            do { return try JSONValue(parsing: text) } catch { return .string("\(error) in: \(text)") }
        }
    }

    func run(_ arguments: String...) async -> Ending { await run(arguments) }

    func run(_ arguments: [String]) async -> Ending {
        let (output, talk) = (Collector(), Collector())
        let typed = Mutex(typed)
        let prompt: @Sendable (String) throws -> String = { question in
            try talk.sink.put(question)
            return try typed.withLock { lines in
                guard !lines.isEmpty else { throw ConsoleFailure(.cancelled, "Cancelled.") }
                return lines.removeFirst()
            }
        }
        var variables = environment
        variables["V6_CONFIG_DIR"] = variables["V6_CONFIG_DIR"] ?? folder.appending(path: "config").path
        variables["V6_STATE_DIR"] = variables["V6_STATE_DIR"] ?? folder.appending(path: "state").path
        let (server, input) = (server, input)
        let console = ScriptConsole(
            environment: ConsoleEnvironment(variables: variables), terminal: terminal, output: output.sink,
            talk: talk.sink, readInput: { Data(input.utf8) },
            prompter: Prompter(ask: prompt, askSecretly: prompt), transport: { _ in server },
            now: { Self.now }, sleep: { _ in await Task.yield() })
        do {
            guard let command = try ConsoleCommandLine.parsed(arguments) as? any ScriptCommand else {
                return Ending(status: -1, output: "", talk: "no script command")
            }
            let status = await command.outcome(in: console)
            return Ending(status: status, output: output.text, talk: talk.text)
        } catch {
            let report = UsageReport(error, arguments: arguments, environment: console.environment)
            let status = report.write(to: console)
            return Ending(status: status, output: output.text, talk: talk.text)
        }
    }
}

/// A world in a folder that is gone afterwards.
func withWorld<Result>(
    _ server: [String: StubServer.Answer] = [:], _ body: (inout CommandsWorld) async throws -> Result
) async throws -> Result {
    try await withTemporaryDirectory { folder in
        var world = CommandsWorld(server: StubServer(server), folder: folder)
        return try await body(&world)
    }
}
