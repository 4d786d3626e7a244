// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How busy and how late nodes were during the last hour: the table `v6_node_load`.
///
/// The process that a node is connected to notes it about once a minute, so all processes on the database tell the same,
/// also after a restart. Times are milliseconds, shares thousandths.
struct NodeLoadTable {
    let session: any SQLSession

    /// How far back it goes, seconds.
    static let span: Double = 3600
    /// So long is one step of ``histories(of:now:)``, seconds.
    static let step: Double = 300

    /// Notes how nodes are; `connections` says how many this process has with each.
    ///
    /// That a connection is silent says nothing of a node that has come back to another process.
    func add(_ loads: [LoadSample], connections: [Int64: Int]) throws {
        for load in loads {
            if load.isWaiting {
                let count =
                    try session.integer("SELECT count(*) FROM v6_connection WHERE member_id = \(load.node)") ?? 0
                if count > connections[load.node] ?? 0 { continue }
            }
            try session.run(
                """
                INSERT INTO v6_node_load
                    (node_id, at, lag, is_waiting, cpu, memory_used, memory_total, containers)
                    VALUES (\(load.node), \(Self.number(load.at)), \(Self.thousandths(load.lag)), \(load.isWaiting),
                        \(Self.thousandths(load.cpuPercent)), \(load.memoryUsed), \(load.memoryTotal),
                        \(load.containers))
                    ON CONFLICT (node_id, at) DO NOTHING
                """)
        }
    }

    /// Forgets what is older than the last hour.
    func prune(now: Timestamp) throws {
        try session.run("DELETE FROM v6_node_load WHERE at < \(Self.start(now))")
    }

    /// What was noted last of each of some nodes.
    func latest(of nodes: [Int64], now: Timestamp) throws -> [Int64: LoadSample] {
        let rows = try session.rows(
            """
            SELECT \(Self.columns) FROM v6_node_load AS load WHERE node_id IN \(list: nodes) AND at >= \(Self.start(now))
                AND at = (SELECT max(at) FROM v6_node_load WHERE node_id = load.node_id)
            """)
        return Dictionary(rows.map(Self.load).map { ($0.node, $0) }) { $1 }
    }

    /// What was noted of a node, oldest first.
    func samples(of node: Int64, now: Timestamp) throws -> [LoadSample] {
        try session.rows(
            """
            SELECT \(Self.columns) FROM v6_node_load WHERE node_id = \(node) AND at >= \(Self.start(now)) ORDER BY at
            """
        ).map(Self.load)
    }

    /// How busy the processors of each of some nodes were in each step of the last hour, in percent, oldest first.
    func histories(of nodes: [Int64], now: Timestamp) throws -> [Int64: [Double?]] {
        let (start, step) = (Self.start(now), Int64(Self.step * 1000))
        let rows = try session.rows(
            """
            SELECT node_id, (at - \(start)) / \(step) AS step, sum(cpu), count(cpu) FROM v6_node_load
                WHERE node_id IN \(list: nodes) AND at >= \(start) AND cpu IS NOT NULL GROUP BY 1, 2
            """)
        let count = Int(Self.span / Self.step)
        var histories: [Int64: [Double?]] = [:]
        for row in rows {
            guard let node = row.integer(0), let step = row.integer(1), let sum = row.integer(2),
                let number = row.integer(3), number > 0
            else { continue }
            // The hour begins with a full minute: what is younger than sixty of them belongs to the last step.
            let index = min(count - 1, Int(step))
            histories[node, default: Array(repeating: nil, count: count)][index] =
                (Double(sum) / Double(number) / 100).rounded() / 10
        }
        return histories
    }

    private static let columns: SQL = "node_id, at, lag, is_waiting, cpu, memory_used, memory_total, containers"

    private static func load(_ row: SQLRow) -> LoadSample {
        var load = LoadSample(
            node: row.integer(0) ?? 0, at: Timestamp(microseconds: (row.integer(1) ?? 0) * 1000),
            lag: row.integer(2).map { Double($0) / 1000 }, isWaiting: row.bool(3) ?? false)
        load.cpuPercent = row.integer(4).map { Double($0) / 1000 }
        load.memoryUsed = row.integer(5)
        load.memoryTotal = row.integer(6)
        load.containers = row.integer(7)
        return load
    }

    private static func number(_ moment: Timestamp) -> Int64 { moment.microseconds / 1000 }
    private static func thousandths(_ value: Double?) -> Int64? { value.map { Int64(($0 * 1000).rounded()) } }

    /// Where the last hour begins, at a full minute: so the same question is asked for as long.
    private static func start(_ now: Timestamp) -> Int64 { (number(now) / 60_000) * 60_000 - Int64(span * 1000) }
}
