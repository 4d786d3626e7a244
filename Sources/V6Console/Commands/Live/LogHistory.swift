// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A line of a log, and when the server was told of it.
struct LogLine: Hashable, Sendable {
    var text: String
    var time: Timestamp
}

/// What the server's list of past events tells of a log: an extension of `v6-server`, seven days long.
///
/// A log itself holds no times (4.15).
struct LogHistory: Sendable {
    let client: V6Client

    private struct Event {
        let id: Int
        let time: Timestamp
        let json: JSONValue

        init?(_ json: JSONValue) {
            guard let id = json["id"]?.intValue, let time = json["created_at"]?.stringValue.flatMap({ Timestamp($0) })
            else { return nil }
            self.id = id
            self.time = time
            self.json = json
        }
    }

    /// The lines of a run with their times; none where the server does not remember.
    func lines(of run: Run) async throws -> [LogLine] {
        guard let started = run.startedAt ?? run.assignedAt else { return [] }
        var number: Int
        do {
            guard let first = try await event(after: 0), let last = try await lastNumber() else { return [] }
            number = try await boundary(before: started.adding(seconds: -5), between: first.id - 1, and: last)
        } catch let error as APIError where [.notFound, .forbidden].contains(error.kind) {
            return []
        }
        let end = run.finishedAt.map { $0.adding(seconds: 60) }
        var lines: [LogLine] = []
        while true {
            let page = try await events(after: number, count: 1_000)
            for event in page where event.json["name"]?.stringValue == "algorithm_log" {
                guard let data = event.json["data"], data["run_id"]?.intValue == run.id,
                    let text = data["log"]?.stringValue
                else { continue }
                lines += text.split(separator: "\n").map { LogLine(text: String($0), time: event.time) }
            }
            guard let last = page.last, page.count == 1_000, end.map({ last.time < $0 }) ?? true else { return lines }
            number = last.id
        }
    }

    /// The number behind which all events are of this time or later: each question halves what is left.
    private func boundary(before time: Timestamp, between low: Int, and high: Int) async throws -> Int {
        var (low, high) = (low, high)
        while high - low > 1_000 {
            let middle = (low + high) / 2
            guard let event = try await event(after: middle), event.time < time else {
                high = middle
                continue
            }
            low = middle
        }
        return low
    }

    private func lastNumber() async throws -> Int? {
        try await client.call("GET", "/event", query: [("after", String(Int64.max / 2)), ("per_page", "1")])
            .json["last"]?.intValue
    }

    private func event(after number: Int) async throws -> Event? { try await events(after: number, count: 1).first }

    private func events(after number: Int, count: Int) async throws -> [Event] {
        let query = [("after", String(number)), ("per_page", String(count))]
        return (try await client.call("GET", "/event", query: query).json["data"]?.arrayValue ?? []).compactMap(
            Event.init)
    }
}
