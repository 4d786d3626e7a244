// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import ServiceLifecycle
import V6Kit

/// Where events go once their change is stored.
protocol EventSink: Sendable {
    /// Delivers events to the clients in their rooms, and returns once they are on their way.
    func send(_ entries: [EventLog.Entry]) async
}

/// Carries events from the log to the clients of this process, each once and in order.
///
/// It reads on whenever the store says that there is something new, from this process or another one, so nothing is
/// lost while the database is away.
struct EventPump: Service {
    let store: any Store
    let sink: any EventSink
    let logger: Logger
    /// The number of the last event of the log when the server started; clients had none of it from here.
    let start: Int64
    /// How long events are kept.
    let retention: Duration

    /// How many events are read at a time.
    private static let batch = 500

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await self.carry() }
            group.addTask { await self.forget() }
        }
    }

    private func carry() async {
        let signals = store.eventSignals()
        await cancelWhenGracefulShutdown {
            var last = start
            for await _ in signals {
                // The signal that came is not repeated, so an attempt that failed is.
                while await !drain(after: &last), (try? await Task.sleep(for: .seconds(1))) != nil {}
            }
        }
    }

    /// Delivers what is new, and moves the number of the last event on; false when the log could not be read.
    private func drain(after last: inout Int64) async -> Bool {
        while true {
            let from = last
            let entries: [EventLog.Entry]
            do {
                entries = try await store.read { try EventLog(session: $0).entries(after: from, limit: Self.batch) }
            } catch {
                logger.error("cannot read the event log: \(error)")
                return false
            }
            await sink.send(entries)
            last = entries.last?.id ?? last
            if entries.count < Self.batch { return true }
        }
    }

    private func forget() async {
        let age = Double(retention.components.seconds)
        await cancelWhenGracefulShutdown {
            repeat {
                do {
                    try await self.store.write { session in
                        try EventLog(session: session).prune(before: Timestamp.now().adding(seconds: -age))
                    }
                } catch {
                    self.logger.error("cannot prune the event log: \(error)")
                }
            } while (try? await Task.sleep(for: .seconds(3600))) != nil
        }
    }
}
