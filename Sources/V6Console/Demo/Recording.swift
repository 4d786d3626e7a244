// SPDX-License-Identifier: Apache-2.0

import CDemo
import Foundation
import V6Kit

/// What a server answered and told in the course of a session: lines of JSON, written by `--record`, played by `--demo`.
///
/// The first line says whose session it was; `{"at", "get", "total", "body"}` is an answer, `{"at", "event"}` an event, `at`
/// seconds from the beginning. No token and nothing that was sent to the server is in it.
struct Recording: Sendable {
    struct Answer: Sendable {
        let at: Double
        /// The header field `total-count` of a list.
        let total: String?
        let body: JSONValue
    }

    let server: String
    let userID: Int
    let begun: Timestamp
    /// Answers by path and query, each in the order they came.
    private(set) var answers: [String: [Answer]] = [:]
    private(set) var events: [(at: Double, event: JSONValue)] = []

    /// - Throws: `ConsoleFailure` with the number of the line that is none of a recording.
    init(lines data: Data) throws {
        var lines = data.split(separator: UInt8(ascii: "\n"))[...]
        guard let head = try lines.popFirst().map({ try Self.line($0, 1) }), let server = head["server"]?.stringValue,
            let user = head["user_id"]?.intValue, let begun = head["begun"]?.stringValue.flatMap({ Timestamp($0) })
        else { throw Self.broken(1, "server, user_id and begun are expected") }
        self.server = server
        userID = user
        self.begun = begun
        for (index, text) in lines.enumerated() {
            let line = try Self.line(text, index + 2)
            guard let at = line["at"]?.doubleValue else { throw Self.broken(index + 2, "the time is missing") }
            if let event = line["event"] {
                events.append((at, event))
            } else if let request = line["get"]?.stringValue, let body = line["body"] {
                answers[request, default: []].append(
                    Answer(at: at, total: line["total"]?.stringValue, body: body))
            } else {
                throw Self.broken(index + 2, "it is neither an answer nor an event")
            }
        }
    }

    /// The recording that comes with the program.
    static func ofProgram() throws -> Recording {
        var size = 0
        guard let bytes = v6_demo_recording(&size) else { throw broken(1, "the program has no recording") }
        return try Recording(lines: Data(bytes: bytes, count: size))
    }

    /// How long an answer may have taken when it was recorded, seconds.
    private static let slowness = 1.0

    /// What the server said at a moment of the recording: the last answer to what was asked by then, or else the first.
    ///
    /// An answer stands at the moment when it came. Whoever asks because of an event, as the recorded console did, must
    /// get the answer that came a little later, not the one from before the event.
    func answer(to request: String, at elapsed: Double) -> Answer? {
        guard let all = answers[request] else {
            return RecordedRecords(recording: self, elapsed: elapsed, slowness: Self.slowness).answer(to: request)
        }
        return all.last { $0.at <= elapsed + Self.slowness } ?? all.first
    }

    /// A token that says who the user was, and opens nothing.
    var token: String {
        func part(_ json: JSONValue) -> String {
            Data(json.text().utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: "")
        }
        return "\(part(["alg": "none"])).\(part(["sub": JSONValue(userID), "client_type": "user"])).recorded"
    }

    /// The user's name, where the server told it.
    var username: String? {
        answers.first { $0.key.contains("/user/\(userID)") }?.value.first?.body["username"]?.stringValue
    }

    private static func line(_ text: Data, _ number: Int) throws -> JSONValue {
        do { return try JSONValue(parsing: text) } catch { throw broken(number, "\(error)") }
    }

    private static func broken(_ line: Int, _ reason: String) -> ConsoleFailure {
        ConsoleFailure(
            .failure, "Line \(line) of the recording cannot be used: \(reason).",
            advice: "A recording is made by v6-console --record FILE.")
    }
}
