// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension App {
    /// Who gets a key: a dialog, the palette, the prompt, a form, and then the key table.
    mutating func press(_ key: Key) -> [Effect] {
        if let notice = model.notice, notice.kind == .bad {
            let offersMore = offersMore(notice)
            clearNotice()
            if key == .enter, offersMore {
                model.dialog = notice.dialog(columns: model.world.size.columns)
                return []
            }
        }
        if model.dialog != nil { return answer(key) }
        if model.palette != nil { return press(palette: key) }
        if model.prompt != nil { return press(prompt: key) }
        if model.awaitsBookmarkNumber { return bookmark(key) }
        if key == .escape, model.world.batch != nil {
            model.world.batch?.stop()
            return []
        }
        if key == .escape, canStop {
            let title = model.world.slow?.effect.title ?? ""
            let effects = abandon()
            say(.good("Stopped \(title)"))
            return effects
        }
        if let reactions = model.top.type(key, in: model.world) { return react(reactions) }
        if let command = userCommand(for: key) { return run(command) }
        if case .character(let character) = key, let number = Int(String(character)), number > 0, isFree(key) {
            return goToBookmark(number)
        }
        guard let action = model.keyMap.action(for: key, in: model.top.contexts) else { return [] }
        return perform(action)
    }

    /// Whether enter shows all of what the footer's line has no room for; where one types it means something else.
    func offersMore(_ notice: Notice) -> Bool {
        let isBusy = model.dialog != nil || model.palette != nil || model.prompt != nil
        return notice.kind == .bad && !isBusy && !model.top.contexts.contains(.form)
            && notice.exceeds(columns: model.world.size.columns)
    }

    private func isFree(_ key: Key) -> Bool {
        model.keyMap.action(for: key, in: model.top.contexts) == nil && !model.top.contexts.contains(.form)
    }

    mutating func perform(_ action: Action) -> [Effect] {
        if let reason = refusal(of: action) {
            let here = model.keyMap.bindings(in: model.top.contexts) + model.keyMap.bindings
            let summary = here.first { $0.action == action }?.summary ?? action.rawValue
            // What the help adds in brackets or behind a colon does not belong into the sentence.
            let wish = summary.split(separator: ":")[0].replacing(#/\ \(.*\)$/#, with: "")
            say(.refusal("Cannot \(wish): \(reason)"))
            return []
        }
        switch action {
        case .command: model.prompt = Prompt(.command, history: model.commandHistory)
        case .find:
            if model.top.filter == nil, model.top.place == .home { open(.tasks(filter: "")) }
            guard let before = model.top.filter else { return [] }
            model.prompt = Prompt(.filter(before: before), text: before, history: model.filterHistory)
        case .palette: model.palette = palette
        case .help where model.top.place == .help:
            model.top.setFilter("", in: model.world)
            return back()
        case .help:
            let contexts = model.top.contexts
            let actions = model.keyMap.bindings(in: contexts).map { ($0.action, refusal(of: $0.action)) }
            let refusals = actions.compactMap { action, reason in reason.map { (action, $0) } }
            push(
                HelpScreen(
                    HelpSections(
                        keyMap: model.keyMap, contexts: contexts, commands: model.commands,
                        refusals: Dictionary(refusals) { first, _ in first }),
                    of: model.top.title(in: model.world)))
        case .back: return back()
        case .quit: return quit()
        case .quitNow: return [.quit(0)]
        case .historyBack: travel(from: \.visited, to: \.ahead)
        case .historyForward: travel(from: \.ahead, to: \.visited)
        case .lastView:
            if let place = model.visited.last { go(place, keeping: true) }
        case .setBookmark:
            model.awaitsBookmarkNumber = true
            say(.good("Press 1–9 to bookmark this view"))
        case .newTask: open(.composer(model.top.seed(in: model.world)))
        case .saveList, .save: return write(to: "")
        case .refresh: return reload(model.top.needs(in: model.world))
        case .redraw: return [.repaint]
        case .suspend: return [.suspend]
        case .cancel: return cancel()
        case .readOnly: toggleReadOnly()
        case .scrollLeft, .scrollRight:
            guard let list = model.top.list(in: model.world) else {
                return react(model.top.perform(action, in: model.world))
            }
            if let page = list.page(after: action == .scrollLeft ? -1 : 1) { model.top.turn(to: page) }
        default: return react(model.top.perform(action, in: model.world))
        }
        return []
    }

    /// Why an action cannot be done now; nil if it can.
    func refusal(of action: Action) -> String? {
        let writes: Set<Action> = [
            .kill, .rerun, .rerunWithEdits, .newTask, .add, .edit, .delete, .addStudy, .resetKey,
        ]
        let submits = action == .submit && !model.top.contexts.contains(.signIn)
        if writes.contains(action) && (model.top.changesServer || action == .newTask) || submits {
            if model.world.isReadOnly { return "read-only mode (Z turns it off)" }
            if !model.world.connection.isUp { return "no connection to the server" }
        }
        // Home is no list: its filter is that of the tasks.
        if action == .find, model.top.filter == nil, isAtNode || model.top.place != .home {
            return "nothing to search in this view"
        }
        if isAtNode, [.newTask, .setBookmark].contains(action) { return "this is the console of a node" }
        if [.saveList, .save].contains(action), model.top.export(in: model.world) == nil {
            return "nothing to save in this view"
        }
        if action == .newTask, let reason = model.world.federation.refusalToCreateTasks { return reason }
        if [.sort, .reverse].contains(action), !model.top.isSortable { return "this view has an order of its own" }
        if [.mark, .markAll, .clearMarks].contains(action), !model.top.canMark {
            return "nothing in this view is done to several at once"
        }
        if action == .follow, !model.top.grows(in: model.world) { return "this text does not grow" }
        if action == .errorsOnly, !model.top.isLog { return "this text is no log" }
        if action == .fullScreen, !model.top.hasPanes(in: model.world) { return "this view has one pane only" }
        if [.nextPane, .previousPane].contains(action), !model.top.hasParts(in: model.world) {
            return "this view has one part only"
        }
        if [.scrollLeft, .scrollRight].contains(action), let list = model.top.list(in: model.world) {
            if list.page(after: action == .scrollLeft ? -1 : 1) != nil { return nil }
            return action == .scrollLeft ? "the first columns show" : "there are no further columns"
        }
        return model.top.refusal(of: action, in: model.world)
    }

    private mutating func answer(_ key: Key) -> [Effect] {
        guard let answer = model.dialog?.handle(key) else { return [] }
        switch answer {
        case .undecided: return []
        case .copied(let text):
            say(.good("Copied"))
            return [.copy(text)]
        case .declined:
            model.dialog = nil
            return []
        case .agreed:
            guard let dialog = model.dialog else { return [] }
            model.dialog = nil
            return carryOut(dialog.effects, title: dialog.title)
        }
    }

    /// An effect on the model alone ends here.
    mutating func begin(_ effect: Effect) -> [Effect] {
        switch effect {
        case .allowWriting: model.world.isReadOnly = false
        case .leave: return back()
        default: return [effect]
        }
        return []
    }

    private mutating func cancel() -> [Effect] {
        if let last = model.cancelledAt, model.world.now.seconds(since: last) < 2 { return [.quit(130)] }
        model.cancelledAt = model.world.now
        let effects = abandon()
        say(.good("Press ctrl-c again to quit"))
        return effects
    }

    /// Whether something takes so long that esc means it, and not the view.
    var canStop: Bool {
        guard model.world.identity != nil, let slow = model.world.slow else { return false }
        return slow.seconds >= 2 || model.world.transfers[slow.effect] != nil
    }

    /// Waits no longer for what runs; what was being loaded is asked for again when the person wants it.
    private mutating func abandon() -> [Effect] {
        model.world.batch?.stop()
        let running = model.world.running.keys.sorted { $0.title < $1.title }
        guard !running.isEmpty else { return [] }
        var effects: [Effect] = [.abandon(running)]
        for effect in running {
            let isLoad = if case .load = effect { true } else { false }
            let message = isLoad ? "You stopped it." : "You stopped \(effect.title); the server may have done it."
            effects += finish(effect, .failed(Fault(kind: .other, message: message)))
            if case .load(let subject) = effect { model.retryAt[subject] = model.world.now.adding(seconds: 3_600) }
        }
        return effects
    }

    private mutating func quit() -> [Effect] {
        if model.stack.count > 1 { return back() }
        model.dialog = Dialog("Quit", lines: [[Span("Leave v6-console? Tasks go on without it.")]], effects: [.quit(0)])
        return []
    }

    mutating func back() -> [Effect] {
        if let filter = model.top.filter, !filter.isEmpty {
            model.top.setFilter("", in: model.world)
            return []
        }
        if model.stack.count > 1 {
            remember()
            model.stack.removeLast()
        }
        return []
    }

    private mutating func toggleReadOnly() {
        guard model.world.isReadOnly else {
            model.world.isReadOnly = true
            say(.good("Read-only: nothing is changed until Z turns it off"))
            return
        }
        model.dialog = Dialog(
            "Read-only mode", lines: [[Span("Turn it off, so that tasks can be created and killed?")]],
            effects: [.allowWriting])
    }

    mutating func paste(_ text: String) -> [Effect] {
        if model.prompt != nil {
            model.prompt?.editor.insert(text)
            promptChanged()
            return []
        }
        if model.palette != nil {
            model.palette?.insert(text)
            return []
        }
        if model.dialog != nil { return [] }
        return react(model.top.paste(text, in: model.world))
    }

    mutating func mouseMoved(_ mouse: Mouse) -> [Effect] {
        guard model.dialog == nil, model.prompt == nil, model.palette == nil else { return [] }
        switch mouse {
        case .wheel(let up):
            return (0..<3).flatMap { _ in react(model.top.perform(up ? .moveUp : .moveDown, in: model.world)) }
        case .click(let point):
            let body = model.world.body
            return react(
                model.top.click(Point(row: point.row - body.row, column: point.column - body.column), in: model.world))
        }
    }
}
