// SPDX-License-Identifier: Apache-2.0

/// How much one client, one account and all of them together may ask of this process.
struct RealtimeLimits: Sendable, Hashable {
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
}
