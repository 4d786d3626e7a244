// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// Keeps all runs of the node: takes what the server assigns, lets as many run as there are places, brings the others home.
actor RunSupervisor {
    /// A run as an operator sees it.
    struct Listing: Sendable, Hashable {
        let record: RunRecord
        /// Its place in the queue, from 1; nil when it does not wait.
        let position: Int?
    }

    /// For how long a run that is done may still be listed as open by an answer that was on its way.
    static let listingDelay: TimeInterval = 120

    private let services: RunServices
    private let logger: Logger
    private(set) var admission: AdmissionQueue
    /// Runs that wait for a place, with their inputs.
    private var waiting: [Int: AssignedRun] = [:]
    private var workers: [Int: (worker: RunWorker, task: Task<Void, Never>)] = [:]
    /// How many runs came to their end since the node began.
    private(set) var endedCount = 0
    private var isStopping = false

    init(services: RunServices) {
        self.services = services
        logger = services.logger
        admission = AdmissionQueue(places: services.configuration.parallelRuns)
    }

    /// Goes on with every run of the journal that got as far as the engine, and removes containers nobody knows.
    func recover() async throws {
        for record in try services.journal.runs() where record.phase != .done {
            guard record.phase.mayHaveExecuted || record.phase == .creating else {
                // Its input is at the server, which lists it as open.
                continue
            }
            let sighting = try await sighting(of: record)
            logger.notice(
                "run \(record.id) was \(record.phase.rawValue) when the node stopped; its container: \(sighting)")
            admission.adopt(record.id, hasSubtasks: record.hasSubtasks)
            launch(record.assignment, record, from: .recovered(sighting))
        }
        try await removeOrphans()
    }

    private func sighting(of record: RunRecord) async throws -> RunMachine.ContainerSighting {
        let name = services.containerName(record.id)
        let life = RunFolder(paths: services.paths(record.assignment)).life
        guard let state = try await services.engine.state(name),
            state.labels[RunServices.instanceLabel] == services.instance
        else { return life.hasExecuted ? .running : life == .none ? .created : .missing }
        if state.isRunning { return .running }
        if state.hasStarted { return .exited(code: state.exitCode) }
        // The engine was killed while it started the container, and does not know that it did.
        return life.hasExecuted ? .running : .created
    }

    /// Removes containers and sockets that belong to no run: relays that waited, and what a crash left behind.
    private func removeOrphans() async throws {
        let records = try services.journal.runs().filter { $0.phase != .done }
        let names = Set(records.flatMap { [services.containerName($0.id), services.relayName($0.id)] })
        let ours = try await services.engine.containers(labels: [RunServices.instanceLabel: services.instance])
        for container in ours where !names.contains(container.name) {
            logger.debug("removing container \(container.name): it belongs to no run")
            try await services.engine.remove(container.id)
        }
        let folder = "\(services.configuration.dataFolder)/relays"
        let known = Set(records.compactMap(\.relay))
        for id in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !known.contains(id) {
            try FileManager.default.removeItem(atPath: "\(folder)/\(id)")
        }
    }

    /// Takes the runs that the server lists as open.
    /// - Parameters:
    ///   - runs: what the server listed.
    ///   - isComplete: whether these are all open runs of the node. Then a run that is here and not listed was ended.
    func offer(_ runs: [AssignedRun], isComplete: Bool) async {
        guard !isStopping else { return }
        let before = Set(workers.keys)
        for run in runs.sorted(by: { $0.id < $1.id }) where workers[run.id] == nil && waiting[run.id] == nil {
            do { try await accept(run) } catch { logger.error("run \(run.id) cannot be taken: \(error)") }
        }
        if isComplete {
            let listed = Set(runs.map(\.id))
            for id in waiting.keys where !listed.contains(id) { await drop(id) }
            for id in before where !listed.contains(id) { await checkWanted(id) }
        }
        pump()
    }

    private func accept(_ run: AssignedRun) async throws {
        if var record = try services.journal.run(run.id) {
            if record.assignedAt != run.assignedAt {
                logger.notice(
                    "run \(run.id) is another one than the run of that number in the journal, which is removed")
                try await forget(record)
            } else if record.phase == .done {
                guard Date().timeIntervalSince1970 - record.changedAt > Self.listingDelay else { return }
                record.phase = .delivering
                record.outcome = RunStatus.unknownError.rawValue
                record.note = "The node delivered this run before; the server has lost the result. It is not run twice."
                try services.journal.store(record)
                return launch(run, record, from: .recovered(.missing))
            }
        } else if let startedAt = run.startedAt {
            var record = RunRecord(run)
            record.phase = .delivering
            record.outcome = RunStatus.unknownError.rawValue
            record.startedAt = startedAt
            record.note = """
                The run was started at \(startedAt) by a node that left no trace of it here. It may have run, so it is not run \
                again; create the task anew.
                """
            try services.journal.store(record)
            return launch(run, record, from: .recovered(.missing))
        }
        var record = RunRecord(run)
        record.startedAt = try services.journal.run(run.id)?.startedAt
        try services.journal.store(record)
        logger.info("run \(run.id) of task \(run.taskID) is taken: \(run.image)")
        waiting[run.id] = run
        admission.enqueue(run.id)
    }

    private func forget(_ record: RunRecord) async throws {
        try await services.engine.remove(services.containerName(record.id))
        try await services.engine.remove(services.relayName(record.id))
        try RunFolder(paths: services.paths(record.assignment)).remove()
        try services.journal.remove(record.id)
    }

    private func drop(_ id: Int) async {
        waiting[id] = nil
        admission.remove(id)
        do { try services.journal.remove(id) } catch { logger.error("the journal keeps run \(id): \(error)") }
    }

    /// Ends a run that is under way here and not listed at the server, if it was ended there.
    private func checkWanted(_ id: Int) async {
        guard let entry = workers[id], await entry.worker.phase.isInterruptible else { return }
        do {
            if try await services.link.isFinished(run: id) != false {
                logger.notice("run \(id) was ended at the server while it was under way here")
                await entry.worker.kill()
            }
        } catch {
            logger.debug("whether run \(id) is still wanted cannot be asked now: \(error)")
        }
    }

    private func pump() {
        guard !isStopping else { return }
        for id in admission.admit() {
            guard let run = waiting.removeValue(forKey: id) else {
                admission.remove(id)
                continue
            }
            launch(run, nil, from: .admitted)
        }
    }

    private func launch(_ run: AssignedRun, _ record: RunRecord?, from event: RunMachine.Event) {
        let worker = RunWorker(run: run, record: record ?? RunRecord(run), services: services) {
            [weak self] id, isOver in
            await self?.left(id, isOver: isOver)
        }
        let task = Task {
            do {
                try await worker.drive(from: event)
                self.ended(run.id)
            } catch {
                self.logger.debug("run \(run.id) is left as it is: \(error)")
            }
        }
        workers[run.id] = (worker, task)
    }

    private func ended(_ id: Int) {
        workers[id] = nil
        endedCount += 1
        admission.remove(id)
        pump()
    }

    private func left(_ id: Int, isOver: Bool) {
        if isOver { admission.remove(id) } else { admission.beganWaiting(id) }
        pump()
    }

    /// Ends runs; each is confirmed to the server by its own event once its containers are gone.
    func kill(_ ids: [Int]) async {
        for id in ids {
            if let entry = workers[id] {
                logger.notice("run \(id) is killed")
                await entry.worker.kill()
            } else if let run = waiting.removeValue(forKey: id) {
                logger.notice("run \(id) is killed before it began")
                admission.remove(id)
                launch(run, nil, from: .killRequested)
            }
        }
    }

    /// How many algorithms run.
    var algorithmCount: Int {
        get async {
            var count = 0
            for entry in workers.values where await entry.worker.phase == .running { count += 1 }
            return count
        }
    }

    /// All runs that are under way or wait.
    var active: [Int] { Array(workers.keys) + Array(waiting.keys) }

    /// The runs of the journal, with their places in the queue.
    func listings() throws -> [Listing] {
        let queue = admission.queue
        return try services.journal.runs().map { record in
            Listing(record: record, position: queue.firstIndex(of: record.id).map { $0 + 1 })
        }
    }

    /// Leaves everything as it is: containers go on, the journal knows where to take them up again.
    func stop() async {
        isStopping = true
        for entry in workers.values { entry.task.cancel() }
        for entry in workers.values { await entry.task.value }
    }
}

extension RunPhase {
    /// Whether the run can still be ended before it has an outcome.
    var isInterruptible: Bool { ![.killing, .delivering, .cleaning, .done].contains(self) }
}
