// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import ServiceLifecycle
import V6Kit

/// Where events go once their change is stored.
protocol EventSink: Sendable {
    /// Delivers an event to the clients in its room.
    func send(_ emission: Emission) async
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
        var last = start
        for await _ in signals.cancelOnGracefulShutdown() {
            do { last = try await drain(after: last) } catch {
                logger.error("cannot read the event log: \(error)")
            }
        }
    }

    /// Delivers what is new; gives the number of the last event.
    private func drain(after start: Int64) async throws -> Int64 {
        var last = start
        while true {
            let from = last
            let entries = try await store.read { try EventLog(session: $0).entries(after: from, limit: Self.batch) }
            for entry in entries {
                await sink.send(entry.emission)
                last = entry.id
            }
            if entries.count < Self.batch { return last }
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
