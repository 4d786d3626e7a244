// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import V6Kit

/// Writes what the server answers and tells into a file that `--replay` plays.
final class Recorder: Sendable {
    private let file: Mutex<FileHandle>
    private let begun: Timestamp
    private let now: @Sendable () -> Timestamp
    private let hasHead = Mutex(false)

    /// - Throws: `ConsoleFailure` when the file is there already or cannot be made: it is readable by its owner only.
    init(path: String, now: @escaping @Sendable () -> Timestamp) throws {
        try PrivateFile.write(Data(), to: path, replacing: false)
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw ConsoleFailure(.failure, "\(path) cannot be written.")
        }
        file = Mutex(handle)
        self.now = now
        begun = now()
    }

    /// Takes an answer to a question down, without who asked.
    func note(_ request: HTTPRequest, _ response: HTTPResponse) throws {
        let path = RecordedTransport.path(of: request.url)
        guard request.method == "GET", response.status == 200, !path.hasPrefix("/socket.io/") else { return }
        try writeHead(request)
        var line: JSONObject = ["at": .number(elapsed), "get": .string(path)]
        line["total"] = response.headers["total-count"].map { .string($0) }
        line["body"] = try JSONValue(parsing: response.body)
        try write(.object(line))
    }

    /// Takes an event down.
    func note(_ event: SocketIOEvent) throws {
        try write(["at": .number(elapsed), "event": .array([.string(event.name)] + event.arguments)])
    }

    private var elapsed: Double { (now().seconds(since: begun) * 1_000).rounded() / 1_000 }

    /// The first line: whose session it is, as the first request tells.
    private func writeHead(_ request: HTTPRequest) throws {
        let isFirst = hasHead.withLock { head in
            defer { head = true }
            return !head
        }
        guard isFirst else { return }
        let bearer = request.headers.first { $0.name == "Authorization" }?.value.dropFirst("Bearer ".count)
        let server = request.url.split(separator: "/").prefix(2).joined(separator: "//")
        try write([
            "server": .string(server), "begun": .string(begun.text),
            "user_id": JSONValue(bearer.flatMap { TokenClaims(decoding: String($0))?.subject } ?? 0),
        ])
    }

    private func write(_ line: JSONValue) throws {
        try file.withLock { try $0.write(contentsOf: Data((line.text() + "\n").utf8)) }
    }
}

/// Passes requests on and takes the answers down.
struct RecordingTransport: HTTPTransport {
    let base: any HTTPTransport
    let recorder: Recorder

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let response = try await base.send(request)
        try recorder.note(request, response)
        return response
    }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream { try await base.stream(request) }

    func connect(_ request: HTTPRequest) async throws -> RawConnection { try await base.connect(request) }
}
