// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How much one client, one account and all of them together may ask of this process, and how it names its sessions.
struct RealtimeSettings: Sendable, Hashable {
    /// Sessions of this process; beyond, new ones are told to come later.
    var connections = 20_000
    /// Sessions of one user or node, over all processes.
    var connectionsPerAccount = 100
    /// Events of one client a second; beyond, its next ones are read later.
    var eventsPerSecond = 200
    /// The largest message of a client, in bytes; 4.15.2 tells it to every client.
    var messageBytes = 1_000_000
    /// What waits for a client that does not read.
    var queue = EngineIOSession.Limits()
    /// Members of a room above which coming and going is not announced in it: n clients would cause n² notices.
    var announcedRoomSize = 500
    /// How often the load of the nodes is noted.
    var load = NodePulse.Pace()
    /// What the names of sessions begin with, so that a proxy finds the process of each; nil for nothing.
    var sessionPrefix: String?
}

extension RealtimeSettings {
    /// Reads the section `realtime` of a configuration file; what it does not say keeps its default.
    init(_ section: ConfigurationReader) {
        func set(_ key: String, in range: ClosedRange<Int>, _ target: inout Int) {
            target = section.integer(key, in: range) ?? target
        }
        set("max_connections", in: 1...1_000_000, &connections)
        set("max_connections_per_account", in: 1...1_000_000, &connectionsPerAccount)
        set("max_events_per_second", in: 1...1_000_000, &eventsPerSecond)
        set("max_message_size", in: 1024...(64 << 20), &messageBytes)
        set("max_waiting_events", in: 16...1_000_000, &queue.packets)
        set("max_waiting_bytes", in: 65_536...(1 << 30), &queue.bytes)
        set("max_announced_room", in: 0...1_000_000, &announcedRoomSize)
        sessionPrefix = section.string("session_prefix")
        if let prefix = sessionPrefix, prefix.isEmpty || prefix.count > 16 || !prefix.allSatisfy(Self.isAllowed) {
            section.fault("session_prefix", "expected 1 to 16 letters or digits, found \"\(prefix)\"")
        }
        section.warnUnknown(known: [
            "max_connections", "max_connections_per_account", "max_events_per_second", "max_message_size",
            "max_waiting_events", "max_waiting_bytes", "max_announced_room",
            "session_prefix",
        ])
    }

    private static func isAllowed(_ letter: Character) -> Bool {
        letter.isASCII && (letter.isLetter || letter.isNumber)
    }
}
