// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Reads the server's objects as they are, page by page.
struct RecordReader: Sendable {
    let client: V6Client

    private static let pageSize = 100

    /// The records of a list, in the server's order.
    ///
    /// Rows that move to the next page while the list grows are taken once.
    ///
    /// - Parameters:
    ///   - path: Path of the list, below the API path.
    ///   - query: Filters for the server.
    ///   - limit: At most so many; nil is all.
    ///   - isWanted: Only such records count.
    /// - Returns: The records, and whether there may be more.
    /// - Throws: `APIError`.
    func list(
        _ path: String, query: [(String, String)] = [], limit: Int? = nil,
        where isWanted: (JSONValue) -> Bool = { _ in true }
    ) async throws -> (records: [JSONValue], more: Bool) {
        var records: [JSONValue] = []
        var seen: Set<Int> = []
        var page = 1
        var before: [JSONValue] = []
        while true {
            let paging = [("page", "\(page)"), ("per_page", "\(Self.pageSize)")]
            let answer = try await client.call("GET", path, query: query + paging).json
            guard let data = answer["data"]?.arrayValue else { return (answer.arrayValue ?? [answer], false) }
            // One that always hands out the same page would be asked for ever.
            if page > 1, data == before { return (records, false) }
            before = data
            for record in data {
                if let id = record["id"]?.intValue, !seen.insert(id).inserted { continue }
                guard isWanted(record) else { continue }
                if let limit, records.count == limit { return (records, true) }
                records.append(record)
            }
            // The server says whether more follows: it may hand out smaller pages than were asked for.
            guard let links = answer["links"], links["next"]?.stringValue != nil else { return (records, false) }
            page += 1
        }
    }

    /// One object.
    func one(_ path: String, query: [(String, String)] = []) async throws -> JSONValue {
        try await client.call("GET", path, query: query).json
    }
}
