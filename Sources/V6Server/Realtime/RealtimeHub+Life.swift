// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import V6Kit

extension RealtimeHub: Service {
    /// Works on what comes in and beats the hearts until the server stops.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.beat() }
                group.addTask { await self.watchNodes() }
                group.addTask { await self.review() }
                group.addTask { await self.noteLoads() }
                group.addTask { await self.keepRegistered() }
                for await client in self.work { group.addTask { await self.workOff(client) } }
            }
        }
        await shutDown()
    }

    private func beat() async {
        while (try? await clock.sleep(for: .seconds(1))) != nil {
            let now = clock.now
            let date = Int64(Date().timeIntervalSince1970)
            let report = state.withLock { state in
                for client in state.clients.values {
                    if now >= client.session.heart.due { perform(.tick, client, &state) }
                    if let end = client.claims?.expires, end <= date {
                        client.claims = nil
                        client.arrivals.append(.expel("expired_token"))
                        startWork(on: client)
                    }
                }
                return lookAtLoad(&state, now: now)
            }
            if !report.loads.isEmpty { loadInput.yield(report) }
        }
    }

    private func watchNodes() async {
        var windowStart = Timestamp.now()
        while (try? await clock.sleep(for: .seconds(65))) != nil {
            await handlers.markOffline(nodesNotSeenSince: windowStart)
            windowStart = Timestamp.now()
        }
    }

    /// Looks at the rights of everybody when somebody's may have changed, at most once a second.
    private func review() async {
        for await _ in reviews {
            let everybody = state.withLock { state in
                state.clients.values.compactMap { client in client.claims.map { (client, $0) } }
            }
            for start in stride(from: 0, to: everybody.count, by: 100) {
                let some = everybody[start..<min(start + 100, everybody.count)]
                await review(Array(some))
            }
            do { try await clock.sleep(for: .seconds(1)) } catch { return }
        }
    }

    private func review(_ some: [(client: RealtimeClient, claims: AccessClaims)]) async {
        guard let members = await handlers.members(some.map(\.claims)) else {
            // The database is away; the next change, or the next review, finds them.
            reviewInput.yield()
            return
        }
        state.withLock { _ in
            for (client, member) in zip(some.map(\.client), members) {
                guard let present = client.member else { continue }
                if let member, member.id == present.id {
                    guard member.rooms != present.rooms else { continue }
                    client.arrivals.append(.rooms(member.rooms))
                } else {
                    client.arrivals.append(.expel("invalid_token"))
                }
                startWork(on: client)
            }
        }
    }

    /// Shows the other processes that this one is alive, and finds those that are not.
    private func keepRegistered() async {
        var watch = ServerWatch()
        var isFirst = true
        repeat {
            await settle()
            guard let others = await handlers.beat(present: present) else { continue }
            // A database file has one process, so whoever is found there at the start is left over from a crash.
            await handlers.bury(isFirst && isAlone ? others : watch.observe(others))
            isFirst = false
        } while (try? await clock.sleep(for: ServerWatch.interval)) != nil
    }

    /// Stores what could not be stored before.
    private func settle() async {
        let unsettled = state.withLock { state in
            defer { state.unsettled = [] }
            return state.unsettled
        }
        for (index, departure) in unsettled.enumerated() where await !handlers.depart(departure) {
            state.withLock { $0.unsettled += unsettled[index...] }
            return
        }
    }

    /// Those who are let in now, each with the identifier of its session.
    private var present: [(sid: String, member: Member)] {
        state.withLock { state in state.clients.values.compactMap { client in client.member.map { (client.sid, $0) } } }
    }

    private func shutDown() async {
        state.withLock { state in
            state.isStopping = true
            for client in Array(state.clients.values) { perform(.cut(.stopping), client, &state) }
        }
        workInput.finish()
        await handlers.withdraw()
    }
}
