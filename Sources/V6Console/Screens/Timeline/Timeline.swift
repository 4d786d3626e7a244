// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The runs of a task and its subtasks in time, one lane for the central part and one for each organization.
struct Timeline {
    struct Bar {
        var run: Int
        var created: Timestamp
        var started: Timestamp?
        var ended: Timestamp
        var status: RunStatus
        var isOffline: Bool
        /// When a central part waited for its subtasks.
        var waits: [(from: Timestamp, to: Timestamp)] = []
    }

    struct Lane {
        var name: String
        var organization: Int?
        var isCentral: Bool
        var bars: [Bar]
    }

    /// How much of the waiting for the last of each round an organization caused.
    struct Share: Equatable {
        var name: String
        var part: Double
        var note: String
    }

    private(set) var lanes: [Lane] = []
    private(set) var begin: Timestamp
    private(set) var seconds = 1.0
    private(set) var shares: [Share] = []

    /// Whether the runs of the task and of all its subtasks are known: what sums them up would be wrong before.
    private(set) var isComplete = false
    /// When each round of subtasks ended; nil while it goes on.
    private(set) var rounds: [Timestamp?] = []
    /// How long each round took, or takes by now, seconds.
    private(set) var roundSeconds: [Double] = []
    private(set) var parts = TimeParts(rounds: [], central: [])
    /// How long earlier tasks with the same image took.
    private(set) var usual: (median: Double, count: Int)?

    /// The lanes of a task: one for each organization, or `byTask` one for each subtask.
    init(task id: Int, byTask: Bool = false, in world: World) {
        begin = world.now
        let federation = world.federation
        guard let task = federation.tasks[id] else { return }
        let subtasks = (federation.children[id] ?? []).sorted()
        let central = Self.bars(of: task, in: world)
        let hasSubtasks = !subtasks.isEmpty
        isComplete = federation.children[id] != nil && ([id] + subtasks).allSatisfy { federation.runs[$0] != nil }
        usual = federation.usualSeconds(image: task.image, before: id)
        let waits = Self.joined(
            subtasks.compactMap { id in
                let bars = federation.tasks[id].map { Self.bars(of: $0, in: world) } ?? []
                guard let from = bars.map(\.1.created).min(), let to = bars.map(\.1.ended).max() else { return nil }
                return (from, to)
            })
        for (run, var bar) in central {
            if let started = bar.started {
                bar.waits = waits.map { (max($0.from, started), min($0.to, bar.ended)) }.filter { $0.0 < $0.1 }
            }
            let name = federation.organizationName(run.organization?.id)
            lanes.append(
                Lane(
                    name: hasSubtasks ? "central (\(name))" : name, organization: run.organization?.id,
                    isCentral: hasSubtasks, bars: [bar]))
        }
        var waiting = Waiting()
        var offline: [Int: String] = [:]
        let rounds = hasSubtasks ? subtasks.compactMap { federation.tasks[$0] } : [task]
        var byOrganization: [Int: [Bar]] = [:]
        var barsOfRounds: [[Bar]] = []
        for round in rounds {
            let known = federation.runs[round.id] ?? []
            let isOver = !known.isEmpty && known.allSatisfy(\.status.isFinished)
            if hasSubtasks, isComplete { self.rounds.append(isOver ? known.compactMap(\.finishedAt).max() : nil) }
            let bars = Self.bars(of: round, in: world)
            barsOfRounds.append(bars.map(\.1))
            if hasSubtasks, isComplete, let from = bars.map(\.1.created).min(), let to = bars.map(\.1.ended).max() {
                roundSeconds.append(to.seconds(since: from))
            }
            for (run, bar) in bars {
                guard let organization = run.organization?.id else { continue }
                byOrganization[organization, default: []].append(bar)
                if bar.isOffline {
                    let node = federation.node(organization: organization, collaboration: task.collaboration?.id)
                    offline[organization] = node?.lastSeen.map { "offline since \(world.clock($0))" } ?? "offline"
                }
            }
            waiting.add(bars.compactMap { run, bar in run.organization.map { (organization: $0.id, end: bar.ended) } })
        }
        if hasSubtasks, byTask {
            for round in rounds {
                let name = round.name.flatMap { $0.isEmpty ? nil : $0 } ?? "subtask"
                lanes.append(
                    Lane(
                        name: "\(round.id) \(name)", organization: nil, isCentral: false,
                        bars: Self.bars(of: round, in: world).map(\.1)))
            }
        } else if hasSubtasks {
            for (organization, bars) in byOrganization.sorted(by: { $0.key < $1.key }) {
                lanes.append(
                    Lane(
                        name: federation.organizationName(organization), organization: organization, isCentral: false,
                        bars: bars))
            }
        }
        let all = lanes.flatMap(\.bars)
        begin = all.map(\.created).min() ?? world.now
        seconds = max(1, (all.map(\.ended).max() ?? world.now).seconds(since: begin))
        shares = waiting.shares.map { share in
            Share(
                name: federation.organizationName(share.organization), part: share.part,
                note: offline[share.organization] ?? Times.span(share.seconds))
        }
        guard isComplete else { return }
        parts = TimeParts(rounds: barsOfRounds, central: hasSubtasks ? lanes.filter(\.isCentral).flatMap(\.bars) : [])
    }

    /// Spans of time without those that lie in others; spans that touch become one.
    private static func joined(_ spans: [(from: Timestamp, to: Timestamp)]) -> [(from: Timestamp, to: Timestamp)] {
        var joined: [(from: Timestamp, to: Timestamp)] = []
        for span in spans.sorted(by: { $0.from < $1.from }) {
            if let last = joined.last, span.from <= last.to {
                joined[joined.count - 1].to = max(last.to, span.to)
            } else {
                joined.append(span)
            }
        }
        return joined
    }

    private static func bars(of task: AlgorithmTask, in world: World) -> [(Run, Bar)] {
        (world.federation.runs[task.id] ?? []).compactMap { run in
            guard let created = task.createdAt ?? run.assignedAt else { return nil }
            let node = world.federation.node(organization: run.organization?.id, collaboration: task.collaboration?.id)
            let ended = run.finishedAt ?? world.now
            return (
                run,
                Bar(
                    run: run.id, created: min(created, run.startedAt ?? created), started: run.startedAt,
                    ended: max(ended, created), status: run.status,
                    isOffline: run.status == .pending && node?.isOnline == false)
            )
        }
    }
}
