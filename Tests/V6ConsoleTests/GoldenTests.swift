// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// How every view looks, at every size and with every alphabet.
@Suite struct GoldenTests {
    /// A view by name, and the keys that lead to it from home.
    struct View: Sendable, CustomTestStringConvertible {
        let name: String
        /// What leads to it; nil where ``place`` does.
        var command: String?
        var place: GoldenPlace?
        var keys: [Key] = []
        /// Whether it is seen by somebody with every rule.
        var isAdministrators = false
        var testDescription: String { name }

        func app(size: Size, theme: Theme = .standard, glyphs: Glyphs = .unicode) -> App {
            var app =
                place?.isAtNode == true
                ? SiteData.app(size: size, theme: theme, glyphs: glyphs)
                : isAdministrators
                    ? Network.administrator(size: size, theme: theme, glyphs: glyphs)
                    : Network.app(size: size, theme: theme, glyphs: glyphs)
            app.model.world.bookmarks = Network.bookmarks
            app.model.world.drafts = Network.drafts
            if let place { app.open(place.place) }
            if let command { app.visit(command) }
            for key in keys { _ = app.update(.key(key), at: Network.now) }
            _ = app.update(.tick, at: Network.now)
            app.model.world.running = [:]
            return app
        }
    }

    struct Variant: Sendable, CustomTestStringConvertible {
        let name: String
        let size: Size
        var theme = Theme.standard
        var glyphs = Glyphs.unicode
        var testDescription: String { name }
    }

    static let views = [
        View(name: "home", command: "home"), View(name: "tasks", command: "tasks"),
        View(name: "task", command: "task 30"),
        View(name: "run", command: "run 61"), View(name: "result", command: "result 28"),
        View(name: "nodes", command: "nodes"), View(name: "node", command: "node maas-node"),
        View(name: "node-lagging", command: "node noord-node"),
        View(name: "node-load", command: "node noord-node", keys: [.tab, .tab, "f"]),
        View(name: "events", command: "events"), View(name: "collaborations", command: "collaborations"),
        View(name: "timeline", command: "timeline 28"), View(name: "map", command: "timeline 28", keys: ["v"]),
        View(name: "composer", command: "new"), View(name: "bookmarks", command: "bookmarks"),
        View(name: "drafts", command: "drafts"), View(name: "templates", command: "templates"),
        View(name: "stores", command: "stores"),
        View(name: "composer-store", command: "new", keys: [.tab, .tab, .tab, .right]),
        View(name: "composer-python", command: "new", keys: [.function(2), .function(2), .function(2)]),
        View(name: "algorithms", command: "algorithms"), View(name: "sort", command: "tasks", keys: ["S"]),
        View(name: "wide", command: "tasks", keys: ["w"]), View(name: "columns", command: "tasks", keys: ["L"]),
        View(name: "tasks-failed", command: "tasks", keys: ["j", "j"]),
        View(name: "tasks-runs", command: "tasks", keys: ["j", .tab, "j"]),
        View(name: "tasks-log", command: "tasks", keys: ["j", "j", .tab, .tab]),
        View(name: "tasks-log-full", command: "tasks", keys: [.tab, .tab, "E", "f"]),
        View(name: "rerun", command: "task 27", keys: ["r"]),
        View(name: "delete-task", command: "task 30", keys: ["D"], isAdministrators: true),
        View(
            name: "delete-tasks", command: "tasks", keys: [" ", " ", "D", "3", .enter], isAdministrators: true),
        View(name: "histogram", command: "result 28", keys: ["v", "v"]),
        View(
            name: "result-sorted", command: "result 28", keys: ["S", "m", "a", "x", .enter, "I", "h", "v", "a", .enter]),
        View(name: "hide", command: "result 28", keys: ["h"]),
        View(name: "raw", command: "raw 28"), View(name: "organizations", command: "organizations"),
        View(name: "users", command: "users"), View(name: "roles", command: "roles"),
        View(name: "new-node", command: "nodes", keys: ["a"]), View(name: "delete-node", command: "nodes", keys: ["D"]),
        View(name: "new-collaboration", command: "collaborations", keys: ["a"]),
        View(name: "change-user", command: "users", keys: ["e"]),
        View(name: "delete-user", command: "users", keys: ["D"]),
        View(name: "whoami", command: "whoami"),
        View(name: "doctor", command: "doctor"),
        View(name: "login", command: "login"),
        View(name: "help", command: "tasks", keys: ["?"]),
        View(name: "help-search", command: "tasks", keys: ["?", "/", "t", "a", "s", "k", .enter]),
        View(name: "help-key", command: "task 28", keys: ["?", "x"]),
        View(name: "palette", command: "tasks", keys: [.control("p")]),
        View(name: "palette-search", command: "tasks", keys: ["j", "j", " ", " ", .control("p"), "r", "e", "r"]),
        View(name: "kill", command: "task 30", keys: ["x"]),
        View(name: "filter", command: "tasks", keys: ["/", "c", "o", "m", "p"]),
        View(name: "command", command: "tasks", keys: [":", "t"]),
        View(name: "messages", command: "messages"),
        View(name: "delete-bookmarks", command: "bookmarks", keys: ["*", "D"]),
        View(name: "rename-draft", command: "drafts", keys: ["e"]),
        View(name: "record-organization", place: .recordOrganization),
        View(name: "record-collaboration", place: .recordCollaboration),
        View(name: "record-study", place: .recordStudy), View(name: "record-user", place: .recordUser),
        View(name: "record-role", place: .recordRole), View(name: "record-node", place: .recordNode),
        View(name: "site-explain", place: .siteExplain),
    ]

    static let variants = [
        Variant(name: "80x24", size: Size(rows: 24, columns: 80)),
        Variant(name: "160x45", size: Size(rows: 45, columns: 160)),
        Variant(name: "40x10", size: Size(rows: 10, columns: 40)),
        Variant(name: "ascii", size: Size(rows: 24, columns: 80), glyphs: .ascii),
        Variant(name: "no-color", size: Size(rows: 24, columns: 80), theme: .monochrome),
    ]

    @Test(arguments: views, variants) func view(_ view: View, in variant: Variant) throws {
        let surface = view.app(size: variant.size, theme: variant.theme, glyphs: variant.glyphs).view()
        if variant.glyphs == .ascii { #expect(surface.text.utf8.allSatisfy { $0 < 0x7F }, "ASCII means ASCII") }
        try Golden.check(surface, "\(view.name)-\(variant.name)")
    }

    enum State: String, CaseIterable, Sendable { case empty, loading, failed, forbidden, offline }

    /// A view without golden files is one too many.
    @Test func everyPlaceHasItsViews() {
        let seen = Set(Self.views.map { GoldenPlace($0.app(size: Size(rows: 24, columns: 80)).model.top.place) })
        // Of the console of a node, ``SiteTests`` looks at these two in every variant.
        let missing = GoldenPlace.allCases.filter { !seen.contains($0) && ![.site, .siteRun].contains($0) }
        #expect(missing.map(\.rawValue) == [])
        for place in GoldenPlace.allCases { #expect(GoldenPlace(place.place) == place) }
    }

    @Test(arguments: GoldenPlace.allCases, State.allCases) func state(_ place: GoldenPlace, _ state: State) throws {
        try check(place, state, size: Size(rows: 24, columns: 80), suffix: "")
    }

    /// A list in a frame, with two panes below it where there is something to show in them.
    @Test(arguments: State.allCases) func stateOfAWideList(_ state: State) throws {
        try check(.tasks, state, size: Size(rows: 45, columns: 160), suffix: "-160x45")
    }

    private func check(_ place: GoldenPlace, _ state: State, size: Size, suffix: String) throws {
        var app: App
        if state == .offline {
            app = place.isAtNode ? SiteData.app(size: size) : Network.app(size: size)
        } else if place.isAtNode {
            app = SiteData.app(size: size, answers: [:])
        } else {
            app = Network.app(size: size, federation: Federation())
            app.model.world.federation.absorb(.surroundings(Network.surroundings), for: .surroundings, at: Network.now)
        }
        app.go(place.place)
        let asked = app.update(.tick, at: Network.now)
        switch state {
        case .loading: _ = app.update(.tick, at: Network.now.adding(seconds: 1.2))
        case .empty: answer(&app, asked) { Self.emptiness($0) }
        case .failed:
            answer(&app, asked) { _ in
                .failed(Fault(kind: .other, message: "The server failed (GET /task answered 500)."))
            }
        case .forbidden:
            answer(&app, asked) { _ in .failed(Fault(kind: .forbidden, message: "You lack the permission to do that!"))
            }
        case .offline:
            app.model.world.running = [:]
            app.model.world.connection = .lost(attempt: 2, wait: 3)
        }
        try Golden.check(app.view(), "state-\(place.rawValue)-\(state.rawValue)\(suffix)")
    }

    /// Answers every load, and those that follow.
    private func answer(_ app: inout App, _ effects: [Effect], _ outcome: (Subject) -> Message.Outcome?) {
        var waiting = effects + app.model.world.running.keys
        var rounds = 0
        while let effect = waiting.first, rounds < 50 {
            rounds += 1
            waiting.removeFirst()
            guard case .load(let subject) = effect, let outcome = outcome(subject) else { continue }
            waiting += app.update(.finished(effect, outcome), at: Network.now)
        }
        app.model.world.running = [:]
    }

    private static func emptiness(_ subject: Subject) -> Message.Outcome? {
        switch subject {
        case .surroundings:
            var alone = Network.surroundings
            alone.collaborations = []
            alone.members = [:]
            alone.studies = []
            return .loaded(.surroundings(alone))
        case .nodes: return .loaded(.nodes([]))
        case .nodeLoads: return .loaded(.nodeLoads([], lead: 0))
        case .loadOf(let node): return .loaded(.loadOf(node: node, nil))
        case .tasks, .taskPage: return .loaded(.tasks([], total: 0, older: false))
        case .task: return Network.tasks.first { $0.id == subject.task }.map { .loaded(.task($0)) }
        case .subtasks(let id): return .loaded(.subtasks(of: id, []))
        case .runs(let id): return .loaded(.runs(task: id, []))
        case .runsOf(let node): return .loaded(.runsOf(node: node, []))
        case .roles: return .loaded(.roles([]))
        case .rolesOf(let user): return .loaded(.rolesOf(user: user, []))
        case .site(let part): return .loaded(.site(part == .status ? SiteData.answers[part] ?? .null : .array([])))
        case .examination: return .loaded(.examination([]))
        case .templates: return .loaded(.templates([]))
        case .membersOf(let study): return .loaded(.membersOf(study: study, []))
        case .rules(let role): return .loaded(.rules(role: role, []))
        case .stores(let id): return .loaded(.stores(collaboration: id, []))
        case .algorithms(let id): return .loaded(.algorithms(store: id, []))
        case .logTimes(let id): return .loaded(.logTimes(run: id, []))
        case .run, .result: return .failed(Fault(kind: .missing, message: "Run id=61 not found!"))
        }
    }
}
