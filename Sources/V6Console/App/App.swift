// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The program as a value: a message in, effects out, a surface on demand.
///
/// No I/O, no clock of its own.
struct App: Sendable {
    var model: Model

    init(world: World, theme: Theme, start: Place) {
        model = Model(world: world, theme: theme, start: start)
    }

    /// Answers a message that arrived at a moment; returns what is to be done.
    mutating func update(_ message: Message, at now: Timestamp) -> [Effect] {
        model.world.now = now
        var effects: [Effect]
        switch message {
        case .key(let key): effects = press(key)
        case .paste(let text): effects = paste(text)
        case .mouse(let mouse): effects = mouseMoved(mouse)
        case .resize(let size):
            model.world.size = size
            effects = []
        case .tick: effects = tick()
        case .finished(let effect, let outcome): effects = finish(effect, outcome)
        case .progress(let effect, let count):
            if model.world.running[effect] != nil { model.world.counts[effect] = count }
            effects = []
        case .transfer(let effect, let progress):
            if model.world.running[effect] != nil {
                model.world.transfers[effect, default: Transfer(begun: now, progress: progress)].progress = progress
            }
            effects = []
        case .realtime(let signal): effects = hear(signal)
        case .siteLog(let run, let piece):
            model.world.federation.absorb(log: piece, ofSiteRun: run)
            effects = []
        case .settings(let settings): effects = apply(settings)
        case .settingsFault(let text):
            say(.bad(text))
            effects = []
        case .resized, .ending: effects = []
        }
        return settle(effects)
    }

    /// What to do when the screen first shows.
    mutating func start(at now: Timestamp) -> [Effect] {
        model.world.now = now
        if model.awaitsSession { return settle([.openSession]) }
        return settle(model.world.identity == nil ? [] : [.connect])
    }

    /// Counts awaited effects, drops those that already run, and asks for what the screen lacks.
    private mutating func settle(_ effects: [Effect]) -> [Effect] {
        let federation = model.world.federation
        if model.activity.version != federation.version {
            let isActive = federation.hasGrowingLag || federation.tasks.values.contains { !$0.status.isFinished }
            model.activity = (federation.version, isActive)
        }
        model.world.recent = model.visited
        model.top.prepare(in: model.world)
        var result: [Effect] = []
        let kept = (model.world.bookmarks, model.world.draft, model.world.drafts)
        for effect in effects + model.top.wishes(in: model.world) + missing() {
            if case .keepDraftSoon(let draft) = effect {
                let due = model.unkeptDraft?.due ?? model.world.now.adding(seconds: 1)
                model.unkeptDraft = (draft, due)
                continue
            }
            if case .keepDraft(let draft) = effect {
                model.unkeptDraft = nil
                // Keys also move within a field: only what changed is written.
                if draft == model.world.draft { continue }
                model.world.draft = draft
            }
            switch effect {
            case .rememberBookmarks(let list): model.world.bookmarks = list
            case .putAside(let draft):
                model.world.drafts.putAside(draft, at: model.world.now)
                result.append(.writeDrafts(model.world.drafts))
                continue
            case .dropDrafts(let ids):
                model.world.drafts.removeAll { ids.contains($0.id) }
                result.append(.writeDrafts(model.world.drafts))
                continue
            default: break
            }
            if effect.isAwaited {
                if model.world.running[effect] != nil { continue }
                model.world.running[effect] = model.world.now
            }
            result.append(effect)
        }
        if kept != (model.world.bookmarks, model.world.draft, model.world.drafts) {
            model.top.prepare(in: model.world)
        }
        return result
    }

    private mutating func missing() -> [Effect] {
        model.refreshAt = nil
        guard let identity = model.world.identity, !model.awaitsSession else { return [] }
        let needs = (identity.isAtNode ? [] : [Subject.surroundings]) + model.top.needs(in: model.world)
        return needs.filter { subject in
            let retry = model.retryAt[subject]
            guard model.world.federation.hasLoaded(subject) else { return retry.map { $0 <= model.world.now } ?? true }
            guard model.world.connection.isUp,
                let due = model.world.federation.refreshTime(of: subject).map({ max($0, retry ?? $0) })
            else { return false }
            if due <= model.world.now { return true }
            model.refreshAt = min(model.refreshAt ?? due, due)
            return false
        }.map(Effect.load)
    }

    /// How long the loop may sleep, seconds; nil is for ever.
    func pause(at now: Timestamp) -> Double? {
        var moments: [Timestamp] = []
        if let end = model.noticeEnds { moments.append(end) }
        if let poll = model.pollAt { moments.append(poll) }
        if let refresh = model.refreshAt, model.world.identity != nil { moments.append(refresh) }
        if let unkept = model.unkeptDraft { moments.append(unkept.due) }
        if !model.world.running.isEmpty {
            // The spinner turns four times a second, and not at all in the first 0.3 s.
            let first = model.world.running.values.min() ?? now
            let seconds = now.seconds(since: first)
            moments.append(now.adding(seconds: seconds < 0.3 ? 0.3 - seconds : 0.25))
        } else if model.activity.isActive {
            moments.append(now.adding(seconds: 1))
        } else if model.world.identity != nil {
            moments.append(now.adding(seconds: 20))
        }
        return moments.min().map { max(0, $0.seconds(since: now)) }
    }

    /// The themes there are, the person's own before ours.
    var themes: [Theme] { model.themes + Theme.all }

    func theme(named name: String) -> Theme? { themes.first { $0.name == name } }

    /// Takes over what the files say now.
    ///
    /// Of the display only what they say otherwise than at the last look: `:set` may have changed the rest since.
    mutating func apply(_ settings: ConsoleSettings) -> [Effect] {
        let start = model.display
        let changed = Set(DisplaySetting.allCases).subtracting(start.decided).filter { setting in
            setting.value(in: settings) != setting.value(in: model.settings)
        }
        model.settings = settings
        model.keyMap = settings.keyMap
        model.themes = settings.themes
        model.commands = settings.commands
        model.world.profiles = settings.profiles
        if changed.contains(.theme) {
            model.theme = settings.theme.flatMap(theme(named:)) ?? start.theme
        } else if let edited = theme(named: model.theme.name) {
            model.theme = edited
        }
        if changed.contains(.ascii) {
            model.world.glyphs = settings.isASCII.map { $0 ? .ascii : .unicode } ?? start.glyphs
        }
        return changed.contains(.mouse) ? [.useMouse(settings.usesMouse ?? start.usesMouse)] : []
    }
}
