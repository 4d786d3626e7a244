// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// Every key that help shows, pressed in every view that help shows it in: what it names happens, or is refused by name.
@Suite struct KeyPressTests {
    /// A place to press keys in.
    struct Place: Sendable, CustomTestStringConvertible {
        var name: String
        var app: App
        var testDescription: String { name }
    }

    static let places: [Place] = {
        let own = [
            "login", "filter", "command", "palette", "palette-search", "kill", "rerun", "delete-node", "delete-user",
            "delete-task", "delete-tasks", "sort", "hide", "delete-bookmarks", "rename-draft",
        ]
        var places = GoldenTests.views.filter { !own.contains($0.name) }.map { view in
            Place(name: view.name, app: view.app(size: Size(rows: 24, columns: 80)))
        }
        // Where one is nobody yet; and the console of a node.
        var stranger = Network.app()
        _ = stranger.execute("login")
        places.append(Place(name: "login", app: stranger))
        places.append(Place(name: "site", app: SiteData.app()))
        for (name, keys) in [("site-run", [Key.enter]), ("site-disk", Array(repeating: .tab, count: 4))] {
            var app = SiteData.app()
            for key in keys { _ = app.update(.key(key), at: Network.now) }
            places.append(Place(name: name, app: app))
        }
        var administrator = Network.administrator()
        administrator.visit("collaborations")
        _ = administrator.perform(.collapse)
        places.append(Place(name: "administrator", app: administrator))
        // A second look from where there is a way back, up, left and forth, and something to search on.
        for index in places.indices {
            var place = places[index]
            place.name += " moved"
            let contexts = place.app.model.top.contexts
            let isForm = contexts.contains(.form)
            let way: [Action] =
                isForm
                ? [.nextField, .nextField]
                : [.zoomIn, .last, .mark, .scrollRight, .nextPane, .moveDown, .pageDown, .expand]
            for action in way
            where place.app.model.keyMap.bindings(in: place.app.model.top.contexts).contains(where: {
                $0.action == action
            }) {
                _ = place.app.perform(action)
            }
            if contexts.contains(.text) {
                for key: Key in ["/", "a", .enter] { _ = place.app.update(.key(key), at: Network.now) }
            }
            place.app.model.notice = nil
            place.app.model.visited = [.home]
            place.app.model.ahead = [.nodes]
            places.append(place)
        }
        for index in places.indices { places[index].app.model.world.running = [:] }
        return places
    }()

    /// What moves only as far as there is something to move to.
    private static let bounded: Set<Action> = [
        .moveDown, .moveUp, .first, .last, .pageDown, .pageUp, .halfPageDown, .halfPageUp, .scrollLeft, .scrollRight,
        .nextMatch, .previousMatch, .clearMarks, .zoomOut, .now, .expand, .collapse, .historyBack, .historyForward,
        .lastView, .sinceAll, .clearForm, .nextField, .previousField, .follow, .back, .nextPane, .previousPane, .open,
        .reverse, .wrap, .showLog, .mark, .markAll, .fullScreen,
    ]

    @Test(arguments: places) func keyDoesWhatHelpSays(_ place: Place) {
        for binding in place.app.model.keyMap.bindings(in: place.app.model.top.contexts) {
            for key in binding.keys {
                let outcome = press(key, binding.action, in: place.app)
                #expect(
                    outcome != .other && (outcome != .nothing || Self.bounded.contains(binding.action)),
                    "\(key.name) is to \(binding.action.rawValue) in \(place.name), and there was \(outcome.rawValue)")
            }
        }
    }

    /// No action is only ever refused: somewhere each of them happens.
    @Test func everyActionHappensSomewhere() {
        var seen: Set<Action> = []
        var offered: Set<Action> = []
        for place in Self.places {
            for binding in place.app.model.keyMap.bindings(in: place.app.model.top.contexts) {
                offered.insert(binding.action)
                guard !seen.contains(binding.action) else { continue }
                if press(binding.keys[0], binding.action, in: place.app) == .happened { seen.insert(binding.action) }
            }
        }
        // The one algorithm of these tests names no web page, and says so.
        seen.insert(.browse)
        let named = Set(KeyMap.standard.map(\.action))
        #expect(named.subtracting(offered).map(\.rawValue).sorted() == [], "shown in no view")
        #expect(offered.subtracting(seen).map(\.rawValue).sorted() == [], "happens in no view")
    }

    // MARK: What is seen

    private enum Outcome: String { case happened, refused, nothing, other }

    private func press(_ key: Key, _ action: Action, in app: App) -> Outcome {
        // What a view asks for at every turn, as long as nobody answers, is not the key's doing.
        var idle = app
        let asked = idle.update(.tick, at: Network.now)
        var after = app
        let effects = after.update(.key(key), at: Network.now).filter { !asked.contains($0) }
        if Self.shows(action, effects, from: app, to: after) { return .happened }
        if let notice = after.model.notice, notice != app.model.notice {
            return notice.kind == .bad || notice.text.hasPrefix("No further") ? .refused : .other
        }
        let isSame =
            effects.isEmpty && after.view() == app.view() && after.model.top.place == app.model.top.place
            && after.model.stack.count == app.model.stack.count
        return isSame ? .nothing : .other
    }

    /// Whether what the action names is what came of it.
    private static func shows(_ action: Action, _ effects: [Effect], from old: App, to new: App) -> Bool {
        let (before, after) = (old.model, new.model)
        let (place, left) = (after.top.place, before.top.place)
        let isChanged = old.view() != new.view()
        let isAsked = after.dialog != nil && before.dialog == nil
        func asks(_ words: String...) -> Bool { isAsked && words.contains { after.dialog?.title.contains($0) == true } }
        func runs(_ wanted: (Effect) -> Bool) -> Bool { effects.contains(where: wanted) }
        let copied = effects.compactMap { if case .copy(let text) = $0 { text } else { nil } }.first
        let isForm = after.top.contexts.contains(.form) && !before.top.contexts.contains(.form)
        switch action {
        case .command: return after.prompt?.kind == .command
        case .find: return after.prompt.map { $0.kind != .command } == true
        case .palette: return after.palette != nil && before.palette == nil
        case .help: return (place == .help) != (left == .help)
        case .setBookmark: return after.awaitsBookmarkNumber
        case .historyBack, .historyForward, .lastView: return place != left
        case .back: return after.stack.count < before.stack.count || isAsked || isChanged
        case .quit:
            return isChanged || after.stack.count < before.stack.count || asks("Quit") || runs { $0 == .quit(0) }
        case .quitNow: return runs { $0 == .quit(0) }
        case .refresh: return runs { if case .load = $0 { true } else { false } }
        case .redraw: return runs { $0 == .repaint }
        case .suspend: return runs { $0 == .suspend }
        case .cancel: return after.cancelledAt != nil && after.notice?.text.contains("ctrl-c again") == true
        case .readOnly: return after.world.isReadOnly != before.world.isReadOnly || asks("Read-only")
        case .newTask, .rerunWithEdits: if case .composer = place { return left != place } else { return false }
        case .kill: return asks("Kill", "End", "Stop")
        case .rerun: return asks("again")
        case .delete: return asks("Delete", "Remove")
        case .resetKey: return asks("key")
        case .add, .edit, .addStudy: return isForm || after.prompt?.editor.text.hasPrefix("rename ") == true
        case .showRaw: if case .raw = place { return true } else { return false }
        case .showTasks: if case .tasks = place { return true } else { return false }
        case .showBookmarks, .showDrafts, .showTemplates, .showStores:
            if case .shelf = place { return true } else { return false }
        case .timeline: if case .timeline = place { return true } else { return false }
        case .watch: return after.world.watched != before.world.watched
        case .copy, .copyPreview: return copied?.isEmpty == false
        case .copyCommand: return copied?.contains("v6-console") == true
        case .save, .saveList: return runs { if case .save = $0 { true } else { false } }
        case .browse: return runs { if case .browse = $0 { true } else { false } }
        case .editExternally: return runs { if case .edit = $0 { true } else { false } }
        case .templates: return runs { $0 == .listTemplates }
        case .nextProfile: return runs { $0 == .listProfiles } || isChanged
        case .explain: return place == .siteExplain
        case .submit:
            return isChanged || isAsked || !effects.isEmpty
                || after.notice?.kind == .bad && after.notice?.isRefusal == false
        case .sort, .hideColumn: return after.palette != nil && before.palette == nil
        case .showLog, .showResult, .showInput, .open, .unblock: return isChanged || place != left
        default: return isChanged && place == left
        }
    }
}
