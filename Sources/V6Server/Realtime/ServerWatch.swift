// SPDX-License-Identifier: Apache-2.0

/// A sign of life of a server process: a number that grows.
struct ServerBeat: Sendable, Hashable {
    let server: String
    let beat: Int64
}

/// Finds server processes that have died, by their hearts not beating.
///
/// Time is counted in own beats, not by a clock: so it stands still while the database is away from everybody, and the
/// clocks of several machines need not agree.
struct ServerWatch: Sendable {
    /// The seconds between two beats.
    static let interval = Duration.seconds(3)
    /// After so many own beats without one of the other, it is dead.
    static let patience = 4

    private var seen: [String: (beat: Int64, rounds: Int)] = [:]

    /// Takes in what the others showed at an own beat; gives those that are dead.
    mutating func observe(_ beats: [ServerBeat]) -> [ServerBeat] {
        var now: [String: (beat: Int64, rounds: Int)] = [:]
        for item in beats {
            let before = seen[item.server]
            now[item.server] = (item.beat, before?.beat == item.beat ? (before?.rounds ?? 0) + 1 : 0)
        }
        seen = now
        return beats.filter { now[$0.server]?.rounds ?? 0 >= Self.patience }
    }
}
