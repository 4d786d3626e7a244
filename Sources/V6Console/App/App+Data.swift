// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension App {
    mutating func reload(_ subjects: [Subject]) -> [Effect] {
        model.retryAt = [:]
        return (surroundings + subjects).map(Effect.load)
    }

    /// What every view of a server stands on.
    private var surroundings: [Subject] { isAtNode ? [] : [.surroundings] }

    var isAtNode: Bool { model.world.identity?.isAtNode == true }

    /// Everything on the way from home, after a time in which events may have been missed.
    private mutating func reloadAll() -> [Effect] {
        model.retryAt = [:]
        var subjects = surroundings
        for screen in model.stack { subjects += screen.needs(in: model.world) }
        var seen: Set<Subject> = []
        return subjects.filter { seen.insert($0).inserted }.map(Effect.load)
    }

    mutating func tick() -> [Effect] {
        let now = model.world.now
        if let end = model.noticeEnds, end <= now { clearNotice() }
        var effects: [Effect] = []
        if let unkept = model.unkeptDraft, unkept.due <= now { effects.append(.keepDraft(unkept.draft)) }
        guard let poll = model.pollAt, poll <= now else { return effects }
        schedulePoll()
        if model.awaitsSession { return effects + [.openSession] }
        var stale = model.top.stale(in: model.world).filter { $0.pace == nil }
        // A view that asks for nothing would never hear that the server is back and knows this session no more.
        if stale.isEmpty, !isAtNode, case .lost = model.world.connection { stale = [.surroundings] }
        return effects + stale.map(Effect.load)
    }

    private mutating func schedulePoll() {
        let seconds: Double =
            switch model.world.connection {
            case .live: isAtNode ? Connection.nodeInterval : 60
            default: Double(Connection.pollingInterval)
            }
        model.pollAt = model.world.now.adding(seconds: seconds)
    }

    mutating func finish(_ effect: Effect, _ outcome: Message.Outcome) -> [Effect] {
        let outcome = explained(outcome)
        model.world.running[effect] = nil
        model.world.counts[effect] = nil
        model.world.transfers[effect] = nil
        if model.world.batch?.current == effect { return advance(after: outcome) }
        var effects: [Effect] = []
        switch outcome {
        case .loaded(let loaded):
            guard case .load(let subject) = effect else { break }
            let before =
                subject == .surroundings ? nil : subject.task.flatMap { model.world.federation.tasks[$0]?.status }
            model.world.federation.absorb(loaded, for: subject, at: model.world.now)
            model.retryAt[subject] = nil
            heard()
            effects += ended(subject.task, before: before)
            if subject == .surroundings { compareKeys() }
            if subject == .surroundings, isDeaf, model.world.federation.receivesEvents == true {
                effects.append(.connect)
            }
        case .done(let text):
            say(.good(text))
            forget(effect)
            effects += afterWrite(effect)
        case .created(let task):
            insert(task)
            say(.good("Task \(task.id) is on its way"))
        case .signedIn(let identity):
            effects += signedIn(identity)
        case .made(let place, let text):
            say(.good(text))
            seek(place)
            effects += afterWrite(effect)
        case .secret(let title, let text, let node):
            show([(title, text)])
            if let node { seek(.node(node)) }
            effects += afterWrite(effect)
        case .signInNeeded(let settings):
            push(SignInScreen(settings, reason: "This profile is not signed in."))
        case .profiles(let names, let current): offer(profiles: names, current: current)
        case .codeRequired, .edited, .templates, .greeted, .key, .signIns: break
        case .failed(let fault):
            effects += failed(effect, fault)
            if let dialog = Dialog.deletionWithDependents(after: [(effect, fault)]) { model.dialog = dialog }
        }
        return effects + react(model.top.receive(outcome, of: effect, in: model.world))
    }

    /// Tells once that the private key at hand is not that of the user's organization.
    private mutating func compareKeys() {
        guard let key = model.world.identity?.key, model.comparedKey != key,
            let wire = model.world.federation.ownKey
        else { return }
        model.comparedKey = key
        let match = KeyMatch(key, organization: wire)
        if match.isMatch == false {
            say(.bad("The private key is \(match.text): encrypted results stay closed. :doctor says more"))
        }
    }

    /// Names the rule that a refusal is for want of.
    private func explained(_ outcome: Message.Outcome) -> Message.Outcome {
        guard case .failed(var fault) = outcome, fault.kind == .forbidden, let origin = fault.origin,
            let rule = RequiredRule(refusing: origin, fault.message)
        else { return outcome }
        fault.rule = rule.advice(to: model.world.federation.surroundings.permissions)
        return .failed(fault)
    }

    func afterWrite(_ effect: Effect) -> [Effect] {
        switch effect {
        case .kill(let task): [.load(.task(task)), .load(.runs(task: task))]
        case .change(let change): change.reloads.map(Effect.load)
        case .createNode, .resetKey: [.load(.nodes)]
        case .saveTemplate, .deleteTemplate, .renameTemplate:
            model.world.federation.hasLoaded(.templates) ? [.load(.templates)] : []
        default: []
        }
    }

    /// Forgets a task that was deleted, and leaves the views of it.
    mutating func forget(_ effect: Effect) {
        guard case .change(let change) = effect, let deletion = change.deletes, deletion.kind == .task else { return }
        let world = model.world
        let left = model.stack.dropFirst().filter { $0.place.variables(in: world)[.task] != deletion.id }
        model.stack = model.stack.prefix(1) + left
        model.world.federation.remove(task: deletion.id)
    }

    private mutating func signedIn(_ identity: Identity) -> [Effect] {
        let isAnother =
            model.world.identity.map { $0.server != identity.server || $0.username != identity.username } ?? true
        if isAnother { model.world.federation = Federation() }
        model.awaitsSession = false
        model.world.identity = identity
        model.world.isReadOnly = identity.isReadOnly
        model.world.connection = .connecting
        model.stack.removeAll { $0.place == .signIn }
        if model.stack.isEmpty || isAnother { model.stack = [HomeScreen()] }
        schedulePoll()
        return [.connect] + reloadAll()
    }

    /// Without server or session nothing more can be done; other faults are of what was asked.
    mutating func lose(_ fault: Fault) {
        guard model.world.identity != nil else { return }
        if fault.kind == .unreachable, model.world.connection.isUp {
            model.world.connection = .lost(attempt: 1, wait: Connection.pollingInterval)
        }
        if fault.kind == .unauthenticated {
            model.world.connection = .none
            model.pollAt = nil
            if model.top.place != .signIn { push(SignInScreen(reason: "Your sign-in has ended: \(fault.message)")) }
        }
    }

    private mutating func failed(_ effect: Effect, _ fault: Fault) -> [Effect] {
        if effect == .openSession { return unopened(fault) }
        // The form says it beside the field; the connection there is has nothing to do with it.
        switch effect {
        case .probe, .checkKey, .listSignIns: return []
        default: break
        }
        // A store is another server: whether it answers says nothing of ours.
        let isElsewhere = if case .load(.algorithms) = effect { true } else { false }
        if !isElsewhere, fault.kind == .unreachable || effect.isAwaited && !isSignIn(effect) { lose(fault) }
        // What the view itself says, in place of its data or beside a field, is told nowhere else.
        switch effect {
        case .load(let subject):
            note(fault)
            model.world.federation.absorb(fault, for: subject)
            model.retryAt[subject] = model.world.now.adding(seconds: Double(Connection.pollingInterval))
        case .signIn: note(fault)
        default: say(.bad(fault))
        }
        return []
    }

    private mutating func note(_ fault: Fault) {
        if !fault.isConfidential { model.world.journal.note(.bad(fault), at: model.world.now) }
    }

    /// There is no session yet: a server that does not answer is asked again, anything else a person has to settle.
    private mutating func unopened(_ fault: Fault) -> [Effect] {
        if fault.kind == .unreachable {
            model.world.connection = .lost(attempt: 1, wait: Connection.pollingInterval)
            schedulePoll()
            return []
        }
        let identity = model.world.identity
        model.awaitsSession = false
        model.world.connection = .none
        push(
            SignInScreen(
                server: identity?.server ?? "", username: identity?.username ?? "",
                reason: "Not signed in: \(fault.message)"))
        return []
    }

    private func isSignIn(_ effect: Effect) -> Bool {
        if case .signIn = effect { true } else { false }
    }

    /// An answer came: the server is there, whatever the realtime connection says.
    private mutating func heard() {
        model.heardAt = model.world.now
        if isAtNode {
            if model.world.connection != .live || model.pollAt == nil {
                model.world.connection = .live
                schedulePoll()
            }
            return
        }
        if case .lost = model.world.connection {
            model.world.connection = .polling(reason: "no realtime connection")
            schedulePoll()
        }
        if case .live = model.world.connection, model.world.federation.receivesEvents == false {
            model.world.connection = Self.deaf
            schedulePoll()
        }
    }

    private static let deaf = Connection.polling(reason: "your account may not receive events")

    /// Whether the server is asked again and again because the account may not listen.
    private var isDeaf: Bool { model.world.connection == Self.deaf }

    mutating func hear(_ signal: RealtimeSignal) -> [Effect] {
        guard model.world.identity != nil, model.world.connection != .none else { return [] }
        switch signal {
        case .connected, .resumed:
            model.world.connection =
                model.world.federation.receivesEvents == false ? Self.deaf : .live
            schedulePoll()
            // After a resumption what was missed follows as events.
            if case .resumed = signal { return [] }
            return reloadAll()
        case .event(let event):
            model.heardAt = model.world.now
            if event.name == "invalid_token" { return [.connect] }
            let task = event.arguments.first?["task_id"]?.intValue
            let before = task.flatMap { model.world.federation.tasks[$0]?.status }
            let effects = model.world.federation.absorb(event, at: model.world.now)
            return effects + ended(task, before: before)
        case .disconnected:
            if model.world.connection == .live { model.world.connection = .lost(attempt: 1, wait: 1) }
            schedulePoll()
            return []
        case .retrying(let after, let attempt):
            if case .polling = model.world.connection { return [] }
            model.world.connection = .lost(attempt: attempt, wait: max(1, Int(after.components.seconds)))
            return []
        }
    }

    /// Tells of a task that came to its end while somebody watches it or is elsewhere.
    private mutating func ended(_ task: Int?, before: RunStatus?) -> [Effect] {
        guard let task, let before, !before.isFinished, let now = model.world.federation.tasks[task],
            now.status.isFinished, now.parent == nil
        else { return [] }
        let text = "Task \(task) \(now.name ?? "") \(now.status.rawValue)"
        let watched = model.world.watched.remove(task) != nil
        if watched || model.top.place != .task(task) { say(now.status.isFailed ? .bad(text) : .good(text)) }
        return watched ? [.bell, .notify(text)] : []
    }
}
