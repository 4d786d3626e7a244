// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Foundation
import Synchronization

/// Waits for notifications of PostgreSQL on a connection and a thread of its own, and connects again when it breaks.
final class PostgresListener: Sendable {
    /// The channel on which processes tell each other that there are new events.
    static let channel = "v6_event"

    private let isStopped = Mutex(false)

    /// Starts to listen; `onSignal` is called for every batch of notifications, and after each connection, since
    /// something may have happened before it stood.
    init(uri: String, onSignal: @escaping @Sendable () -> Void) {
        let thread = Thread { [weak self] in
            let connection = PostgresConnection(uri: uri)
            while let listener = self, !listener.isStopped.withLock({ $0 }) {
                Self.listen(on: connection, onSignal: onSignal)
            }
        }
        thread.name = "v6-postgres-listen"
        thread.start()
    }

    deinit { stop() }

    /// Ends the thread within a second.
    func stop() { isStopped.withLock { $0 = true } }

    /// Waits once, a second at most; a database that cannot be reached is tried again after a second.
    private static func listen(on connection: PostgresConnection, onSignal: () -> Void) {
        do {
            if !connection.isOpen {
                try connection.ensureOpen()
                try connection.execute("LISTEN \(channel)")
                onSignal()
            }
            var descriptor = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 1000) > 0 else { return }
            if !connection.notifications().isEmpty { onSignal() }
        } catch {
            // The store's own statements tell the operator what is wrong; here only time helps.
            Thread.sleep(forTimeInterval: 1)
        }
    }
}
