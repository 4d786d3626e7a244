// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What is known of the server: the last answer to each question, kept up to date by events.
struct Federation: Sendable {
    static let maximumEvents = 1_000

    private(set) var surroundings = Surroundings()
    private(set) var organizations: [Int: Organization] = [:]
    private(set) var collaborations: [Int: Collaboration] = [:]
    private(set) var users: [Int: String] = [:]
    private(set) var studies: [Int: Study] = [:]
    private(set) var roles: [Role] = []
    private(set) var rules: [Int: [Rule]] = [:]
    private(set) var rolesOfUser: [Int: [Int]] = [:]
    private(set) var site = Site()
    private(set) var findings: [Examination.Finding] = []
    /// Algorithm stores of each collaboration, and what each offers.
    private(set) var stores: [Int: [AlgorithmStore]] = [:]
    private(set) var algorithms: [Int: [StoredAlgorithm]] = [:]
    /// The person's own; those are files on this machine.
    private(set) var templates: [TaskTemplate] = []
    private(set) var studyMembers: [Int: [Int]] = [:]
    var nodes: [Int: Node] = [:]
    /// How busy and how late the nodes are; nil where the server does not tell, or was not asked.
    private(set) var nodeLoads: [Int: NodeLoad]?
    /// The last hour of nodes that were looked at.
    private(set) var loadSeries: [Int: NodeLoad] = [:]
    /// The seconds by which this clock is ahead of the server's, where that matters.
    private(set) var clockLead = 0
    var tasks: [Int: AlgorithmTask] = [:]
    /// Tasks of users, newest first.
    private(set) var taskIDs: [Int] = []
    /// How many tasks the server has, as far as it told.
    private(set) var totalTasks: Int?
    private(set) var children: [Int: [Int]] = [:]
    private(set) var runs: [Int: [Run]] = [:]
    /// The newest runs at each node that was looked at, newest first.
    private(set) var runsOfNode: [Int: [Run]] = [:]
    private(set) var taskOfRun: [Int: Int] = [:]
    /// When each node came and went, as far as events told.
    var presences: [Int: NodePresence] = [:]
    var logs: [Int: LogBuffer] = [:]
    private(set) var results: [Int: OpenedResult] = [:]
    private(set) var events: [EventRecord] = []
    /// When the first answer came: what happened before is known from tasks and runs only.
    private(set) var openedAt: Timestamp?
    private(set) var loads: [Subject: Load] = [:]
    /// Lists of an earlier time, for which no answer has come yet, and that time.
    private(set) var remembered: (lists: Set<Subject>, at: Timestamp)?
    /// Changes with everything that changes here but the text of logs, which comes often.
    private(set) var changes = 0
    private var pieces = 0
    /// Changes with everything that changes here.
    var version: Int { changes + pieces }

    /// What became of asking for a subject.
    struct Load: Hashable, Sendable {
        var loadedAt: Timestamp?
        var fault: Fault?
    }

    mutating func absorb(_ loaded: Loaded, for subject: Subject, at now: Timestamp) {
        changes += 1
        loads[subject] = Load(loadedAt: now, fault: nil)
        if openedAt == nil { openedAt = now }
        let wasRemembered = remembered?.lists.remove(subject) != nil
        switch loaded {
        case .surroundings(let surroundings):
            self.surroundings = surroundings
            organizations = Dictionary(surroundings.organizations.map { ($0.id, $0) }) { $1 }
            collaborations = Dictionary(surroundings.collaborations.map { ($0.id, $0) }) { $1 }
            studies = Dictionary(surroundings.studies.map { ($0.id, $0) }) { $1 }
            users = Dictionary(surroundings.users.map { ($0.id, $0.username) }) { $1 }
            if let id = surroundings.userID { users[id] = surroundings.username }
        case .nodes(let list):
            nodes = Dictionary(list.map { ($0.id, $0) }) { $1 }
        case .nodeLoads(let list, let lead):
            nodeLoads = list.map { Dictionary($0.map { ($0.id, $0) }) { $1 } }
            clockLead = lead
        case .loadOf(let node, let load):
            loadSeries[node] = load
        case .tasks(let list, let total, let older):
            if let total { totalTasks = total }
            if wasRemembered {
                taskIDs = []
            } else if !older, let oldest = list.map(\.id).min() {
                // What the first page no longer holds, though it lies in its range, has been deleted.
                let present = Set(list.map(\.id))
                taskIDs.removeAll { $0 >= oldest && !present.contains($0) }
            }
            for task in list { tasks[task.id] = task }
            taskIDs = Array(Set(taskIDs).union(list.map(\.id))).sorted(by: >)
        case .task(let task):
            insert(task)
        case .subtasks(let parent, let list):
            children[parent] = list.map(\.id).sorted()
            for task in list { tasks[task.id] = task }
        case .runs(let task, let list):
            runs[task] = list.sorted { $0.id < $1.id }.map { note($0, at: now) }
        case .run(let run):
            replace(run, at: now)
        case .runsOf(let node, let list):
            runsOfNode[node] = list.sorted { $0.id > $1.id }.map { note($0, at: now) }
        case .result(let result):
            results[result.run] = result
        case .roles(let list):
            roles = list
        case .rules(let role, let list):
            rules[role] = list
        case .rolesOf(let user, let list):
            rolesOfUser[user] = list
        case .membersOf(let study, let list):
            studyMembers[study] = list
        case .examination(let list):
            findings = list
        case .templates(let list):
            templates = list
        case .site(let answer):
            guard case .site(let part) = subject else { break }
            site.absorb(answer, for: part)
            if case .log(let run) = part { logs[run] = LogBuffer() }
        case .stores(let collaboration, let list): stores[collaboration] = list
        case .algorithms(let store, let list): algorithms[store] = list
        case .logTimes(let run, let seen): logs[run]?.takeTimes(of: seen.map { ($0.text, $0.time) })
        }
    }

    mutating func absorb(_ fault: Fault, for subject: Subject) {
        changes += 1
        loads[subject, default: Load()].fault = fault
    }

    /// Takes all that is known for lists of an earlier time: they show, and are asked for anew.
    mutating func becomeMemory(of moment: Timestamp) {
        remembered = (Set(loads.keys), moment)
        loads = [:]
        openedAt = nil
    }

    mutating func insert(_ task: AlgorithmTask) {
        changes += 1
        tasks[task.id] = task
        if let parent = task.parent?.id {
            if children[parent]?.contains(task.id) != true { children[parent, default: []].append(task.id) }
        } else if !taskIDs.contains(task.id) {
            taskIDs.append(task.id)
            taskIDs.sort(by: >)
            totalTasks = totalTasks.map { $0 + 1 }
        }
    }

    /// Forgets a task that is deleted, with all that went with it.
    mutating func remove(task id: Int) {
        changes += 1
        for child in children[id] ?? [] { remove(task: child) }
        for run in runs[id] ?? [] {
            taskOfRun[run.id] = nil
            logs[run.id] = nil
            results[run.id] = nil
        }
        for node in runsOfNode.keys { runsOfNode[node]?.removeAll { $0.task?.id == id } }
        if let parent = tasks[id]?.parent?.id { children[parent]?.removeAll { $0 == id } }
        if taskIDs.contains(id) { totalTasks = totalTasks.map { max(0, $0 - 1) } }
        taskIDs.removeAll { $0 == id }
        (tasks[id], runs[id], children[id]) = (nil, nil, nil)
    }

    mutating func replace(_ run: Run, at now: Timestamp) {
        changes += 1
        let run = note(run, at: now)
        for (node, list) in runsOfNode {
            if let index = list.firstIndex(where: { $0.id == run.id }) { runsOfNode[node]?[index] = run }
        }
        guard let task = run.task?.id ?? taskOfRun[run.id], runs[task] != nil else { return }
        if let index = runs[task]?.firstIndex(where: { $0.id == run.id }) {
            runs[task]?[index] = run
        } else {
            runs[task]?.append(run)
        }
        refreshStatus(of: task)
    }

    /// Gives a task the status its runs imply, as the server derives it.
    mutating func refreshStatus(of task: Int) {
        guard let known = runs[task], !known.isEmpty else { return }
        tasks[task]?.status = .ofTask(known.map(\.status))
    }

    mutating func record(_ event: EventRecord) {
        changes += 1
        events.append(event)
        if events.count > Self.maximumEvents { events.removeFirst(events.count - Self.maximumEvents) }
    }

    /// A piece of the log of a run at the node; nil at its end.
    mutating func absorb(log piece: String?, ofSiteRun run: Int) {
        if piece == nil { changes += 1 } else { touch() }
        if let piece { logs[run, default: LogBuffer()].append(piece) } else { site.endLog(of: run) }
    }

    /// Notes that the text of a log has grown.
    mutating func touch() { pieces += 1 }

    /// A run with the end that an event told of already, where the answer was given before.
    ///
    /// A run that is over never goes on.
    private func final(_ answer: Run) -> Run {
        guard !answer.status.isFinished, let known = run(answer.id), known.status.isFinished else { return answer }
        var run = answer
        run.status = known.status
        run.finishedAt = known.finishedAt
        return run
    }

    /// Takes in what a run tells beside its state; returns it without its log, which is kept once.
    private mutating func note(_ answer: Run, at now: Timestamp) -> Run {
        if let task = answer.task?.id { taskOfRun[answer.id] = task }
        var run = final(answer)
        if let log = run.log {
            logs[run.id] = LogBuffer(answer: log, at: now, after: logs[run.id], isOver: answer.status.isFinished)
            run.log = nil
        }
        // What is older than the list of a node stays out of it: between them there may be others.
        if let node = run.node?.id, let known = runsOfNode[node], known.last.map({ $0.id < run.id }) ?? true,
            !known.contains(where: { $0.id == run.id })
        {
            runsOfNode[node]?.insert(run, at: known.firstIndex { $0.id < run.id } ?? known.endIndex)
        }
        return run
    }
}
