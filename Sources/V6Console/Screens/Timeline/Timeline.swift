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

    /// When each round of subtasks ended; nil while it goes on.
    private(set) var rounds: [Timestamp?] = []

    /// The lanes of a task: one for each organization, or `byTask` one for each subtask.
    init(task id: Int, byTask: Bool = false, in world: World) {
        begin = world.now
        let federation = world.federation
        guard let task = federation.tasks[id] else { return }
        let subtasks = (federation.children[id] ?? []).sorted()
        let central = Self.bars(of: task, in: world)
        let hasSubtasks = !subtasks.isEmpty
        for (run, bar) in central {
            let name = federation.organizationName(run.organization?.id)
            lanes.append(
                Lane(
                    name: hasSubtasks ? "central (\(name))" : name, organization: run.organization?.id,
                    isCentral: hasSubtasks, bars: [bar]))
        }
        var waited: [Int: Double] = [:]
        var offline: Set<Int> = []
        let rounds = hasSubtasks ? subtasks.compactMap { federation.tasks[$0] } : [task]
        var byOrganization: [Int: [Bar]] = [:]
        for round in rounds {
            let known = federation.runs[round.id] ?? []
            let isOver = !known.isEmpty && known.allSatisfy(\.status.isFinished)
            if hasSubtasks { self.rounds.append(isOver ? known.compactMap(\.finishedAt).max() : nil) }
            let bars = Self.bars(of: round, in: world)
            for (run, bar) in bars {
                guard let organization = run.organization?.id else { continue }
                byOrganization[organization, default: []].append(bar)
                if bar.isOffline { offline.insert(organization) }
            }
            // All others wait from the end of the second slowest to the end of the slowest.
            let ends = bars.compactMap { run, bar in run.organization.map { (organization: $0.id, end: bar.ended) } }
                .sorted { $0.end < $1.end }
            if ends.count > 1, let last = ends.last {
                waited[last.organization, default: 0] += last.end.seconds(since: ends[ends.count - 2].end)
            }
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
        let total = waited.values.reduce(0, +)
        if total > 0 {
            shares = waited.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { organization, wait in
                Share(
                    name: federation.organizationName(organization), part: wait / total,
                    note: offline.contains(organization) ? "node is offline" : Times.span(wait))
            }
        }
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
