// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Makes the document that Prometheus fetches.
struct MetricsReport: Sendable {
    let metrics: Metrics
    let store: any Store
    let hashing: HashingPool
    let connections: ConnectionCount
    /// What the nodes of this process tell of their machines.
    let nodes: NodeFigures
    /// The Socket.IO sessions of this process, and those that were cut off.
    let sessions: @Sendable () -> (count: Int, cuts: [Cut: Int])

    /// What the database knows.
    private struct State: Sendable {
        /// The nodes by status.
        var nodes: [(status: String, count: Int64)] = []
        /// The runs that are not finished, by status.
        var openRuns: [(status: String, count: Int64)] = []
    }

    /// The document.
    func text() async -> String {
        var document = Exposition()
        addRequests(&document)
        document.single(
            "v6_connections", .gauge, "Open connections.", Double(connections.current))
        let realtime = sessions()
        document.single("v6_realtime_sessions", .gauge, "Socket.IO sessions.", Double(realtime.count))
        document.begin("v6_realtime_cuts_total", .counter, "Socket.IO sessions that were cut off, by reason.")
        for (cut, count) in realtime.cuts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            document.add("v6_realtime_cuts_total", [("reason", "\(cut)")], Double(count))
        }
        let load = hashing.load
        document.single("v6_hashes_waiting", .gauge, "Password hashes that wait for a thread.", Double(load.waiting))
        document.single("v6_hashes_total", .counter, "Password hashes that were computed.", Double(load.done))
        await addState(&document)
        nodes.add(to: &document)
        ProcessFigures.read().add(to: &document)
        return document.text
    }

    private func addRequests(_ document: inout Exposition) {
        let counts = metrics.current
        let name = "v6_http_request_duration_seconds"
        document.begin("v6_http_requests_total", .counter, "Requests by method, route and status.")
        for (request, count) in counts.requests.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            document.add(
                "v6_http_requests_total",
                [("method", request.method), ("route", request.route), ("status", String(request.status))],
                Double(count))
        }
        document.begin(name, .histogram, "Time from the whole request to the beginning of its answer.")
        for (route, histogram) in counts.durations.sorted(by: { $0.key < $1.key }) {
            var sum = 0
            for (bound, count) in zip(Metrics.Histogram.bounds, histogram.counts) {
                sum += count
                document.add("\(name)_bucket", [("route", route), ("le", String(bound))], Double(sum))
            }
            document.add("\(name)_bucket", [("route", route), ("le", "+Inf")], Double(histogram.total))
            document.add("\(name)_sum", [("route", route)], histogram.sum)
            document.add("\(name)_count", [("route", route)], Double(histogram.total))
        }
        document.begin("v6_logins_total", .counter, "Sign-ins by kind and outcome.")
        for (login, count) in counts.logins.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            document.add(
                "v6_logins_total", [("kind", login.kind), ("outcome", login.isGood ? "ok" : "refused")], Double(count))
        }
        document.single(
            "v6_rate_limited_total", .counter, "Requests refused because there were too many.",
            Double(counts.rateLimited))
    }

    private func addState(_ document: inout Exposition) async {
        let state: State?
        do {
            state = try await store.read { session in
                func groups(_ sql: SQL) throws -> [(status: String, count: Int64)] {
                    try session.rows(sql).map { ($0.text(0) ?? "unknown", $0.integer(1) ?? 0) }
                }
                return State(
                    nodes: try groups(
                        "SELECT status, count(*) FROM authenticatable WHERE type = 'node' GROUP BY status ORDER BY status"
                    ),
                    openRuns: try groups(
                        "SELECT status, count(*) FROM run WHERE finished_at IS NULL GROUP BY status ORDER BY status"))
            }
        } catch {
            // That it does not answer is what the figure says.
            state = nil
        }
        document.single("v6_database_up", .gauge, "Whether the database answers.", state == nil ? 0 : 1)
        guard let state else { return }
        document.begin("v6_nodes", .gauge, "Registered nodes by status.")
        for (status, count) in state.nodes { document.add("v6_nodes", [("status", status)], Double(count)) }
        document.begin("v6_open_runs", .gauge, "Runs that are not finished, by status.")
        for (status, count) in state.openRuns { document.add("v6_open_runs", [("status", status)], Double(count)) }
    }
}
