// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// The console of a node on this machine.
@Suite struct SiteTests {
    private func press(_ app: inout App, _ keys: Key...) -> [Effect] {
        keys.flatMap { app.update(.key($0), at: Network.now) }
    }

    private func type(_ app: inout App, _ text: String) {
        for character in text { _ = app.update(.key(.character(character)), at: Network.now) }
    }

    static let parts = ["runs", "containers", "databases", "policy", "disk"]

    @Test(arguments: Array(parts.enumerated()), GoldenTests.variants)
    func looks(_ part: (offset: Int, element: String), in variant: GoldenTests.Variant) throws {
        var app = SiteData.app(size: variant.size, theme: variant.theme, glyphs: variant.glyphs)
        for _ in 0..<part.offset { _ = press(&app, .tab) }
        app.model.world.running = [:]
        try Golden.check(app.view(), "site-\(part.element)-\(variant.name)")
    }

    @Test(arguments: GoldenTests.variants) func runLooks(in variant: GoldenTests.Variant) throws {
        var app = SiteData.app(size: variant.size, theme: variant.theme, glyphs: variant.glyphs)
        _ = press(&app, "j", "j", .enter)
        _ = app.update(.finished(.load(.site(.log(75))), .loaded(.site(.null))), at: Network.now)
        _ = app.update(.siteLog(run: 75, "info > reading 569 rows\nwarning > 3 rows have no age\n"), at: Network.now)
        app.model.world.running = [:]
        try Golden.check(app.view(), "site-run-\(variant.name)")
    }

    @Test func nothingOfAServerIsAsked() {
        var app = SiteData.app()
        let asked = app.update(.key(.control("r")), at: Network.now)
        #expect(Set(asked) == [.load(.site(.status)), .load(.site(.runs))])
        #expect(app.model.world.connection == .live)
        #expect(app.model.top.place == .site)
        _ = press(&app, "n")
        #expect(app.model.notice?.text.contains("console of a node") == true)
    }

    @Test func nodeIsLookedAtEveryTwoSeconds() {
        var app = SiteData.app()
        #expect(app.update(.tick, at: Network.now.adding(seconds: 1)).isEmpty)
        let asked = app.update(.tick, at: Network.now.adding(seconds: 2.1))
        #expect(Set(asked) == [.load(.site(.status)), .load(.site(.runs))])
    }

    @Test func nodeThatGoesAndComesBack() {
        var app = SiteData.app()
        let fault = Fault(kind: .unreachable, message: "No node answers at control.sock.")
        _ = app.update(.finished(.load(.site(.status)), .failed(fault)), at: Network.now)
        #expect(!app.model.world.connection.isUp)
        #expect(app.view().text.contains("as of 14:22:07"))
        #expect(app.view().text.contains("maas-node"), "what was known stays")
        let answer = SiteData.answers[.status] ?? .null
        _ = app.update(.finished(.load(.site(.status)), .loaded(.site(answer))), at: Network.now)
        #expect(app.model.world.connection == .live)
    }

    @Test func runIsEndedAfterAYes() {
        var app = SiteData.app()
        _ = press(&app, "x")
        #expect(app.model.dialog?.title == "End run 77?")
        let effects = press(&app, "y")
        guard case .change(let change)? = effects.first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(change.method == "POST" && change.path == "/runs/77/kill")
        #expect(Set(change.reloads) == [.site(.runs), .site(.status)])
        _ = press(&app, "G", "x")
        #expect(app.model.notice?.text.contains("the run is over (completed)") == true)
    }

    @Test func logGrowsUnderItsReader() {
        var app = SiteData.app()
        _ = press(&app, "j", "j")
        #expect(press(&app, .enter).contains(.load(.site(.log(75)))))
        _ = app.update(.finished(.load(.site(.log(75))), .loaded(.site(.null))), at: Network.now)
        _ = app.update(.siteLog(run: 75, "one\ntw"), at: Network.now)
        _ = app.update(.siteLog(run: 75, "o\n"), at: Network.now)
        #expect(app.model.world.federation.logs[75].map { Array($0.lines) } == ["one", "two"])
        #expect(app.view().text.contains("two"))
        #expect(!app.model.top.stale(in: app.model.world).contains(.site(.log(75))), "it still comes")
        _ = app.update(.siteLog(run: 75, nil), at: Network.now)
        #expect(app.model.top.stale(in: app.model.world).contains(.site(.log(75))), "it was cut off: asked anew")
    }

    @Test func policyExplains() {
        var app = SiteData.app()
        _ = press(&app, "e")
        type(&app, "registry.example.org/average:1+2")
        let effects = press(&app, .enter)
        let question = PolicyQuestion(image: "registry.example.org/average:1+2")
        #expect(effects == [.load(.site(.explain(question)))])
        #expect(SitePart.explain(question).address == "/policy/explain?image=registry.example.org/average:1%2B2")
        let answer: JSONValue = [
            "image": "registry.example.org/average:1+2", "allowed": false,
            "findings": [
                ["rule": "allowed_algorithms", "holds": false, "reason": "no pattern matches"],
                ["rule": "allowed_users", "holds": nil, "reason": "the list is not set"],
            ],
        ]
        _ = app.update(.finished(.load(.site(.explain(question))), .loaded(.site(answer))), at: Network.now)
        #expect(app.view().text.contains("it would be refused"))
        #expect(app.view().text.contains("no pattern matches"))
    }

    @Test func removalNeedsTheNumber() {
        var app = SiteData.app()
        _ = press(&app, "D")
        #expect(app.model.notice?.text.contains("only in the part Disk") == true)
        _ = press(&app, .backTab, "D")
        #expect(app.model.dialog?.title == "Remove 1 thing?")
        type(&app, "1")
        guard case .change(let change)? = press(&app, .enter).first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(change.method == "POST" && change.path == "/gc")
    }

    @Test func commandsOfANodeOnly() {
        var app = SiteData.app()
        type(&app, ":tasks")
        _ = press(&app, .enter)
        #expect(app.model.notice?.text.contains("no command") == true)
        type(&app, ":run 75")
        _ = press(&app, .enter)
        #expect(app.model.top.place == .siteRun(75))
        #expect(!ConsoleCommand.all(atNode: false).contains { $0.verb == .site })
    }
}
