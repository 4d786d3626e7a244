// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension App {
    mutating func react(_ reactions: [Reaction]) -> [Effect] {
        var effects: [Effect] = []
        for reaction in reactions {
            switch reaction {
            case .open(let place): open(place)
            case .enter(let place, let action):
                open(place)
                effects += perform(action)
            case .replace(let place):
                model.stack.removeLast()
                if model.stack.isEmpty { model.stack = [HomeScreen()] }
                open(place)
            case .back: effects += back()
            case .leave(let target):
                if model.stack.count > 1 { model.stack.removeLast() }
                // A form has no command line: a command would leave it without asking.
                if model.top.contexts.contains(.form), !target.isAction {
                    say(.refusal("Cannot run a command here: leave the form first"))
                } else {
                    effects += run(target)
                }
            case .say(let notice): say(notice)
            case .ask(let dialog): model.dialog = dialog
            case .pick(let palette): model.palette = palette
            case .run(let effect): effects.append(effect)
            case .choose(let target): effects += run(target)
            case .watch(let task):
                if model.world.watched.remove(task) == nil { model.world.watched.insert(task) }
                let watches = model.world.watched.contains(task)
                say(.good(watches ? "The bell rings when task \(task) ends" : "Task \(task) is no longer watched"))
            }
        }
        return effects
    }

    /// Shows a place on top of where the person is; a place that is already on the way is gone back to.
    mutating func open(_ place: Place) {
        if let index = model.stack.firstIndex(where: { $0.place == place }) {
            remember()
            model.stack.removeSubrange((index + 1)...)
            return
        }
        push(place.screen())
    }

    mutating func push(_ screen: any Screen) {
        remember()
        model.ahead = []
        model.stack.append(screen)
    }

    /// Goes to a place from home, as a command or a bookmark does.
    ///
    /// - Parameters:
    ///   - place: Where to.
    ///   - keeping: Whether views are to be as they were left.
    mutating func go(_ place: Place, keeping: Bool = false) {
        remember()
        var way: [any Screen] = [model.stack.first ?? HomeScreen()]
        if case .home = place {
            model.stack = way
            return
        }
        for step in parents(of: place) + [place] {
            way.append(keeping ? model.kept[step] ?? step.screen() : step.screen())
        }
        model.stack = way
    }

    mutating func remember() {
        let place = model.top.place
        if model.kept.count > 100 { model.kept = [:] }
        // A form has a draft of its own.
        for screen in model.stack where !screen.contexts.contains(.form) { model.kept[screen.place] = screen }
        guard place != model.visited.last, place.command != nil, ![.signIn, .help].contains(place) else { return }
        model.visited.append(place)
        if model.visited.count > 100 { model.visited.removeFirst() }
    }

    mutating func travel(from: WritableKeyPath<Model, [Place]>, to: WritableKeyPath<Model, [Place]>) {
        let current = model.top.place
        var found = model[keyPath: from].popLast()
        while found == current { found = model[keyPath: from].popLast() }
        guard let place = found else {
            say(.good("No further view in this direction"))
            return
        }
        let kept = model[keyPath: from]
        go(place, keeping: true)
        model[keyPath: from] = kept
        if to == \Model.ahead { model.ahead.append(current) }
    }

    private func parents(of place: Place) -> [Place] {
        switch place {
        case .task: [.tasks(filter: "")]
        case .node: [.nodes]
        case .run(let id):
            model.world.federation.taskOfRun[id].map { [.tasks(filter: ""), .task($0)] } ?? []
        case .result(let id), .timeline(let id), .raw(.task(let id)): [.tasks(filter: ""), .task(id)]
        default: []
        }
    }

    mutating func say(_ notice: Notice) {
        model.world.journal.note(notice, at: model.world.now)
        // What went wrong stays until a key is pressed, also where something good happens meanwhile.
        if model.notice?.kind == .bad, notice.kind == .good { return }
        model.notice = notice
        model.noticeEnds = notice.kind == .good ? model.world.now.adding(seconds: Notice.stay) : nil
    }

    mutating func clearNotice() {
        model.notice = nil
        model.noticeEnds = nil
    }

    mutating func bookmark(_ key: Key) -> [Effect] {
        model.awaitsBookmarkNumber = false
        clearNotice()
        guard case .character(let character) = key, let number = Int(String(character)), number > 0,
            let command = model.top.place.command
        else { return [] }
        var bookmarks = model.world.bookmarks
        bookmarks[number] = command
        say(.good("Bookmark \(number) is :\(command)"))
        return [.rememberBookmarks(bookmarks)]
    }

    mutating func goToBookmark(_ number: Int) -> [Effect] {
        guard let command = model.world.bookmarks[number] else {
            say(.good("Bookmark \(number) is free: m \(number) sets it"))
            return []
        }
        return execute(command)
    }
}
