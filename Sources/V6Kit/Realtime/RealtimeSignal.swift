// SPDX-License-Identifier: Apache-2.0

/// What a realtime connection tells its owner.
public enum RealtimeSignal: Sendable {
    /// The namespace was joined; whatever happened before may have been missed.
    case connected
    /// The namespace was joined again; the events that were missed follow, and nothing has to be fetched anew.
    case resumed
    /// The server sent an event.
    case event(SocketIOEvent)
    /// The connection ended, with the reason for a person.
    case disconnected(reason: String)
    /// A new attempt follows.
    case retrying(after: Duration, attempt: Int)
}
