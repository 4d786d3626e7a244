// SPDX-License-Identifier: Apache-2.0

import Logging
import V6Kit

/// Who is here, as the database knows it for all server processes together.
extension RealtimeHandlers {
    /// What came of storing that a client has come.
    enum ArrivalOutcome: Sendable {
        /// It is stored; the newest event before it has this number.
        case arrived(newest: Int64)
        case tooMany
        case failed
    }

    /// Stores that a client has come, and tells its rooms.
    func arrive(_ arrival: Departure, limit: Int) async -> ArrivalOutcome {
        let member = arrival.member
        let outcome = await change("note that a client has come") { session -> ArrivalOutcome in
            let table = ConnectionTable(session: session, server: server)
            guard try table.count(of: member.id) < limit else { return .tooMany }
            try table.add(arrival.sid, of: member.id)
            let log = EventLog(session: session)
            let newest = try log.bounds()?.upperBound ?? 0
            try session.run("UPDATE authenticatable SET status = 'online' WHERE id = \(member.id)")
            try log.append(
                Presence.change("node-online", of: member) + Presence.joined(member, arrival.announced))
            return .arrived(newest: newest)
        }
        return outcome ?? .failed
    }

    /// Stores that a client has gone, and tells its rooms; false when it could not be stored.
    func depart(_ departure: Departure) async -> Bool {
        if departure.member.isNode { figures.forget(departure.member.id) }
        let done: Void? = await change("note that a client has gone") { session in
            let table = ConnectionTable(session: session, server: server)
            guard try table.remove(departure.sid) else { return }
            try EventLog(session: session).append(Presence.left(departure.member, departure.announced))
            try markGone(departure.member, table)
        }
        return done != nil
    }

    /// Tells the rooms that a member came into or went out of while it was connected.
    func announceMove(_ member: Member, left: [Room], joined: [Room]) async {
        await change("announce a client") { session in
            try EventLog(session: session).append(Presence.left(member, left) + Presence.joined(member, joined))
        }
    }

    /// Shows that this process is alive, and gives the others; nil when the database does not answer.
    ///
    /// A process that the others gave up, because it was held up for long, takes up its connections again.
    func beat(present: [(sid: String, member: Member)]) async -> [ServerBeat]? {
        await change("show that this server is alive") { session in
            let table = ConnectionTable(session: session, server: server)
            if try !table.beat() {
                try table.register()
                for (sid, member) in present { try takeUp(member, sid, table) }
            }
            return try table.others()
        }
    }

    private func takeUp(_ member: Member, _ sid: String, _ table: ConnectionTable) throws {
        try table.add(sid, of: member.id)
        let changed = try table.session.run(
            "UPDATE authenticatable SET status = 'online' WHERE id = \(member.id) AND status <> 'online'")
        guard changed > 0 else { return }
        try EventLog(session: table.session).append(Presence.change("node-online", of: member))
    }

    /// Forgets processes that have died; who was connected there only, is offline.
    func bury(_ dead: [ServerBeat]) async {
        guard !dead.isEmpty else { return }
        await change("forget a server that has died") { session in
            let table = ConnectionTable(session: session, server: server)
            for item in dead {
                let members = try table.bury(item)
                if !members.isEmpty { logger.warning("a server has died with \(members.count) accounts connected") }
                try markGone(members, table)
            }
        }
    }

    /// Forgets this process, which stops.
    func withdraw() async {
        await change("note that this server stops") { session in
            let table = ConnectionTable(session: session, server: server)
            try markGone(table.withdraw(), table)
        }
    }

    /// Notes how busy and how late nodes are, and forgets what is older than an hour.
    func note(_ report: RealtimeHub.LoadReport) async {
        var loads = report.loads
        for index in loads.indices { figures.fill(&loads[index]) }
        await change("note the load of nodes") { [loads] session in
            let table = NodeLoadTable(session: session)
            try table.add(loads, connections: report.connections)
            try table.prune(now: loads.last?.at ?? .now())
        }
    }

    /// Notes that nodes are gone that were not heard of for a while and are connected nowhere.
    func markOffline(nodesNotSeenSince moment: Timestamp) async {
        await change("look for lost nodes") { session in
            try session.run(
                """
                UPDATE authenticatable SET status = 'offline' WHERE type = 'node' AND status = 'online'
                    AND (last_seen IS NULL OR last_seen < \(moment))
                    AND NOT EXISTS (SELECT 1 FROM v6_connection WHERE member_id = authenticatable.id)
                """)
        }
    }

    private func markGone(_ members: [Int64], _ table: ConnectionTable) throws {
        let loader = MemberLoader(session: table.session)
        for id in members {
            if let node = try loader.node(id) {
                try markGone(node, table)
            } else if try table.count(of: id) == 0 {
                try table.session.run("UPDATE authenticatable SET status = 'offline' WHERE id = \(id)")
            }
        }
    }

    /// Notes that somebody is offline who has no other connection; what a node published goes with it.
    private func markGone(_ member: Member, _ table: ConnectionTable) throws {
        // A node that has come back before its old connection was given up is still here.
        guard try table.count(of: member.id) == 0 else { return }
        let session = table.session
        try session.run("UPDATE authenticatable SET status = 'offline' WHERE id = \(member.id)")
        if member.isNode { try session.run("DELETE FROM nodeconfig WHERE node_id = \(member.id)") }
        try EventLog(session: session).append(Presence.change("node-offline", of: member))
    }
}
