// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension RealtimeHub {
    /// What is to be noted of the load of nodes, all at once.
    struct LoadReport: Sendable {
        var loads: [LoadSample] = []
        /// How many connections each node has here.
        var connections: [Int64: Int] = [:]
    }

    /// Looks how late each node is; gives what is to be noted, mostly nothing.
    func lookAtLoad(_ state: inout State, now: ContinuousClock.Instant) -> LoadReport {
        var lags: [Int64: Heartbeat.Lag?] = [:]
        var report = LoadReport()
        for client in state.clients.values {
            guard let member = client.member, member.isNode else { continue }
            let lag = client.session.heart.lag(now: now)
            report.connections[member.id, default: 0] += 1
            // A node that has come back before its old connection was given up is as late as on the better one.
            if let known = lags[member.id], known?.time ?? .zero <= lag?.time ?? .zero { continue }
            lags[member.id] = .some(lag)
        }
        if lags.isEmpty {
            state.pulses = [:]
            return report
        }
        if state.pulses.count > lags.count { state.pulses = state.pulses.filter { lags[$0.key] != nil } }
        let moment = Timestamp.now()
        for (node, lag) in lags {
            var pulse = state.pulses[node] ?? NodePulse(pace: settings.load, now: now)
            if let note = pulse.look(at: lag, now: now) {
                report.loads.append(
                    LoadSample(
                        node: node, at: moment, lag: note.lag.map { $0.time / .seconds(1) },
                        isWaiting: note.lag?.isWaiting ?? false))
            }
            state.pulses[node] = pulse
        }
        return report
    }

    /// Notes the load of nodes as it is told.
    func noteLoads() async {
        for await report in loads { await handlers.note(report) }
    }
}
