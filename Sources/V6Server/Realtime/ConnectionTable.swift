// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Who is connected to which server process: the tables `v6_connection` and `v6_server`.
///
/// A user or node is online as long as one process that is alive has a connection of it, whichever process that is.
struct ConnectionTable {
    let session: any SQLSession
    /// The process that asks.
    let server: String

    /// Notes a connection.
    func add(_ sid: String, of member: Int64) throws {
        try session.run(
            """
            INSERT INTO v6_connection (sid, server_id, member_id) VALUES (\(sid), \(server), \(member))
                ON CONFLICT (sid) DO NOTHING
            """)
    }

    /// Forgets a connection; false when it was not known.
    func remove(_ sid: String) throws -> Bool {
        try session.run("DELETE FROM v6_connection WHERE sid = \(sid)") > 0
    }

    /// How many connections a user or node has, over all processes.
    func count(of member: Int64) throws -> Int {
        Int(try session.integer("SELECT count(*) FROM v6_connection WHERE member_id = \(member)") ?? 0)
    }

    /// Shows that this process is alive; false when the others had given it up.
    func beat() throws -> Bool {
        try session.run("UPDATE v6_server SET beat = beat + 1 WHERE id = \(server)") > 0
    }

    /// Takes up this process.
    func register() throws {
        try session.run("INSERT INTO v6_server (id, beat) VALUES (\(server), 1)")
    }

    /// The other processes with the beats of their hearts.
    func others() throws -> [ServerBeat] {
        try session.rows("SELECT id, beat FROM v6_server WHERE id <> \(server)").compactMap { row in
            guard let id = row.text(0), let beat = row.integer(1) else { return nil }
            return ServerBeat(server: id, beat: beat)
        }
    }

    /// Forgets a process, unless it has shown a sign of life since; gives whose connections it had.
    func bury(_ dead: ServerBeat) throws -> [Int64] {
        guard try session.run("DELETE FROM v6_server WHERE id = \(dead.server) AND beat = \(dead.beat)") > 0 else {
            return []
        }
        return try removeAll(of: dead.server)
    }

    /// Forgets this process and its connections; gives whose they were.
    func withdraw() throws -> [Int64] {
        try session.run("DELETE FROM v6_server WHERE id = \(server)")
        return try removeAll(of: server)
    }

    private func removeAll(of server: String) throws -> [Int64] {
        let members = try session.integers("SELECT DISTINCT member_id FROM v6_connection WHERE server_id = \(server)")
        try session.run("DELETE FROM v6_connection WHERE server_id = \(server)")
        return members
    }
}
