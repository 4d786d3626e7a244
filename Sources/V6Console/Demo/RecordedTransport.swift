// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import V6Kit

/// Answers from a recording instead of a server, as if what was recorded began now.
final class RecordedTransport: HTTPTransport {
    let recording: Recording
    private let begun: Timestamp
    private let now: @Sendable () -> Timestamp
    private let sleep: @Sendable (Duration) async throws -> Void
    private let live = Mutex(Live())

    /// How far the realtime connection has come.
    private struct Live {
        var hasJoined = false
        var told = 0
    }

    init(
        _ recording: Recording, now: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.recording = recording
        self.now = now
        self.sleep = sleep
        begun = now()
    }

    private var elapsed: Double { now().seconds(since: begun) }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let path = Self.path(of: request.url)
        if path.hasPrefix("/socket.io/") {
            let text = request.method == "GET" ? try await packets(opening: !path.contains("sid=")) : "ok"
            return HTTPResponse(status: 200, headers: HTTPHeaders(), body: Data(text.utf8))
        }
        guard request.method == "GET", let answer = recording.answer(to: path, at: elapsed) else {
            let reason = "this is a recording, and it has no answer to \(request.method) \(path)"
            return Self.response(404, ["msg": .string(reason)])
        }
        return Self.response(200, moved(answer.body), total: answer.total)
    }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        let response = try await send(request)
        let body = AsyncThrowingStream<Data, any Error> { continuation in
            continuation.yield(response.body)
            continuation.finish()
        }
        return HTTPStream(status: response.status, headers: response.headers, body: body)
    }

    /// What a long poll of the namespace `/tasks` brings: the session, the join, then each event when its time comes.
    private func packets(opening: Bool) async throws -> String {
        if opening {
            live.withLock { $0.hasJoined = false }
            return #"0{"sid":"recorded","upgrades":[],"pingInterval":25000,"pingTimeout":60000,"maxPayload":1000000}"#
        }
        let joins = live.withLock { live in
            defer { live.hasJoined = true }
            return !live.hasJoined
        }
        if joins { return #"40/tasks,{"sid":"recorded"}"# }
        let next = live.withLock { $0.told }
        let wait = next < recording.events.count ? max(0, recording.events[next].at - elapsed) : .infinity
        guard wait < 25 else {
            try await sleep(.seconds(25))
            return "2"
        }
        try await sleep(.seconds(wait))
        live.withLock { $0.told = next + 1 }
        return "42/tasks," + moved(recording.events[next].event).text()
    }

    /// The value with its moments as far from now as they were from the beginning of the recording.
    private func moved(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text):
            // Shorter and longer texts, and such as begin with no digit, are no moments.
            guard (19...32).contains(text.utf8.count), text.utf8.first.map({ (48...57).contains($0) }) == true,
                let moment = Timestamp(text)
            else { return value }
            return .string(moment.adding(seconds: begun.seconds(since: recording.begun)).text)
        case .array(let items): return .array(items.map(moved))
        case .object(let object):
            var moved = JSONObject()
            for (name, item) in object { moved[name] = self.moved(item) }
            return .object(moved)
        default: return value
        }
    }

    private static func response(_ status: Int, _ body: JSONValue, total: String? = nil) -> HTTPResponse {
        var headers = HTTPHeaders()
        headers.append("Content-Type", "application/json")
        if let total { headers.append("total-count", total) }
        return HTTPResponse(status: status, headers: headers, body: Data(body.text().utf8))
    }

    /// Path and query of an address.
    static func path(of url: String) -> String {
        guard let host = url.range(of: "://"), let slash = url[host.upperBound...].firstIndex(of: "/") else {
            return "/"
        }
        return String(url[slash...])
    }
}
