// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The records of a recording, for questions that nobody asked while it was made.
///
/// Other pages, orders and filters of a list are answered from everything that was said of its records; what was never
/// heard of has no answer.
struct RecordedRecords {
    let recording: Recording
    /// Seconds from the beginning of the recording.
    let elapsed: Double
    /// How much later than it is known an answer may have come, seconds.
    let slowness: Double

    /// What is known of a record, and since when.
    private struct Known {
        var record: JSONObject
        var at: Double
    }

    private static let paging: Set<String> = ["page", "per_page", "no_pagination"]

    /// The answer; nil where the recording knows too little for one.
    func answer(to request: String) -> Recording.Answer? {
        guard let parts = URLComponents(string: request) else { return nil }
        let query = parts.queryItems ?? []
        let segments = parts.path.split(separator: "/")
        if let id = segments.last.flatMap({ Int($0) }) {
            let list = "/" + segments.dropLast().joined(separator: "/")
            guard let record = records(of: list)?[id]?.record else { return nil }
            return Recording.Answer(at: elapsed, total: nil, body: .object(including(query, in: record)))
        }
        return list(parts.path, query)
    }

    private func list(_ path: String, _ query: [URLQueryItem]) -> Recording.Answer? {
        guard let known = records(of: path) else { return nil }
        var chosen = known
        for item in query where !Self.paging.contains(item.name) && item.name != "include" && item.name != "sort" {
            guard let filtered = filter(chosen, path, item) else { return nil }
            chosen = filtered
        }
        var sorted = chosen.sorted { $0.key < $1.key }.map(\.value.record)
        switch value("sort", in: query) {
        case nil, "id": break
        case "-id": sorted.reverse()
        default: return nil
        }
        let all = value("no_pagination", in: query) != nil
        let size = all ? sorted.count : max(1, Int(value("per_page", in: query) ?? "") ?? 10)
        let page = max(1, Int(value("page", in: query) ?? "") ?? 1)
        let shown = sorted.dropFirst((page - 1) * size).prefix(size).map { JSONValue.object(including(query, in: $0)) }
        return Recording.Answer(at: elapsed, total: String(sorted.count), body: ["data": .array(Array(shown))])
    }

    private func value(_ name: String, in query: [URLQueryItem]) -> String? {
        query.first { $0.name == name }?.value
    }

    /// Everything that is known at the moment of the records below a path; nil where nobody ever asked for them.
    private func records(of path: String) -> [Int: Known]? {
        var isKnown = false
        var said: [(at: Double, record: JSONObject)] = []
        for (request, answers) in recording.answers {
            let asked = request.prefix { $0 != "?" }
            guard asked == path || (asked.hasPrefix(path + "/") && Int(asked.dropFirst(path.count + 1)) != nil) else {
                continue
            }
            isKnown = true
            for answer in answers {
                for record in answer.body["data"]?.arrayValue ?? [answer.body] {
                    if let record = record.objectValue { said.append((answer.at, record)) }
                }
            }
        }
        guard isKnown else { return nil }
        var known: [Int: Known] = [:]
        for (at, record) in said.sorted(by: { $0.at < $1.at }) {
            guard let id = record["id"]?.intValue else { continue }
            let isOld = at <= elapsed + slowness
            // What is only told of later was there before, if it had been made by then.
            guard isOld || (known[id] == nil && wasThere(record, path)) else { continue }
            known[id] = Known(record: merged(known[id]?.record, record), at: at)
        }
        return known
    }

    private func wasThere(_ record: JSONObject, _ path: String) -> Bool {
        guard let made = (record["created_at"] ?? record["assigned_at"])?.stringValue.flatMap({ Timestamp($0) }) else {
            return !["task", "run", "result"].contains(path.split(separator: "/").last)
        }
        return made <= recording.begun.adding(seconds: elapsed + slowness)
    }

    /// The newer values; but where one answer listed what belongs to the record and another has a link to it, the list.
    private func merged(_ old: JSONObject?, _ new: JSONObject) -> JSONObject {
        guard var record = old else { return new }
        for (name, value) in new where value.stringValue == nil || record[name]?.arrayValue == nil {
            record[name] = value
        }
        return record
    }

    /// Those for which a term of the query holds; nil where that cannot be said.
    private func filter(_ known: [Int: Known], _ path: String, _ item: URLQueryItem) -> [Int: Known]? {
        guard let text = item.value else { return nil }
        if item.name == "is_user_created" {
            return known.filter { ($0.value.record["parent"]?.isNull ?? true) == (text == "1") }
        }
        if let members = members(path, item) { return known.filter { members.contains($0.key) } }
        let name = item.name.hasSuffix("_id") ? String(item.name.dropLast("_id".count)) : item.name
        var chosen: [Int: Known] = [:]
        for (id, entry) in known {
            guard let value = entry.record[name] ?? entry.record[item.name], value.arrayValue == nil else { return nil }
            let compared = value.objectValue?["id"] ?? value
            if !compared.isNull, compared.stringValue ?? compared.text() == text { chosen[id] = entry }
        }
        return chosen
    }

    /// The records that the server once answered with to this very term alone.
    private func members(_ path: String, _ item: URLQueryItem) -> Set<Int>? {
        for (request, answers) in recording.answers {
            guard let parts = URLComponents(string: request), parts.path == path,
                parts.queryItems?.filter({ !Self.paging.contains($0.name) }) == [item], let answer = answers.last
            else { continue }
            return Set((answer.body["data"]?.arrayValue ?? []).compactMap { $0["id"]?.intValue })
        }
        return nil
    }

    /// The record with what it links to, where the query asks for that to be included.
    private func including(_ query: [URLQueryItem], in record: JSONObject) -> JSONObject {
        var record = record
        for item in query where item.name == "include" {
            for name in (item.value ?? "").split(separator: ",").map(String.init) {
                guard let link = record[name]?.stringValue,
                    let answer = recording.answer(to: link + "&no_pagination=1", at: elapsed)
                else { continue }
                record[name] = answer.body["data"]
            }
        }
        return record
    }
}
