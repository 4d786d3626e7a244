// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// What is too long for its pane is read by scrolling it.
@Suite struct DirectoryTests {
    private static func app(rows: Int = 24, columns: Int = 80) -> App {
        var federation = Network.federation
        let names = (1...30).map { "resource\($0 < 10 ? "0" : "")\($0)" }
        let rules: [Rule] = names.enumerated().compactMap { index, name in
            Network.decode(
                #"{"id":\#(index + 1),"name":"\#(name)","operation":"VIEW","scope":"GLOBAL","description":""}"#)
        }
        for role in federation.roles {
            federation.absorb(.rules(role: role.id, rules), for: .rules(role: role.id), at: Network.now)
        }
        var app = Network.app(size: Size(rows: rows, columns: columns), federation: federation)
        app.visit("roles")
        return app
    }

    private func press(_ app: inout App, _ keys: Key...) {
        for key in keys { _ = app.update(.key(key), at: Network.now) }
    }

    @Test func enterLeadsIntoTheRulesAndMovesThere() throws {
        var app = Self.app()
        #expect(app.view().text.contains("resource01"))
        #expect(!app.view().text.contains("resource30"))
        press(&app, .enter, "G")
        #expect(app.view().text.contains("resource30"))
        #expect(app.view().text.contains("of 30"))
        try Golden.check(app.view(), "roles-end-80x24")
        press(&app, "g", "j")
        #expect(!app.view().text.contains("resource01"))
        #expect(app.view().text.contains("resource02"))
    }

    @Test func escapeLeadsBackToTheListAndAnotherRoleBeginsAtItsTop() {
        var app = Self.app()
        press(&app, .tab, "G", .escape)
        #expect(app.model.top.place == .directory(.roles))
        press(&app, "j")
        #expect(app.view().text.contains("resource01"))
        press(&app, .escape)
        #expect(app.model.top.place == .home)
    }

    @Test func rulesAreReadAlsoWhereThereIsNoRoomForTwoPanes() {
        var app = Self.app(rows: 10, columns: 40)
        #expect(!app.view().text.contains("resource01"))
        press(&app, .enter)
        #expect(app.view().text.contains("resource01"))
        press(&app, "G")
        #expect(app.view().text.contains("resource30"))
    }
}

/// The line of rounds below a timeline.
@Suite struct TimelineRoundTests {
    @Test func firstAndLastRoundsStayWhereThereIsNoRoomForAll() {
        let ends: [Timestamp?] = (0..<20).map { Network.now.adding(seconds: Double($0)) } + [nil]
        let all = TimelineScreen.rounds(ends, columns: 2000) { _ in "14:00:00" }
        #expect(all.hasPrefix("round 1 ended 14:00:00   round 2 ended"))
        #expect(all.hasSuffix("round 21 in progress"))
        let some = TimelineScreen.rounds(ends, columns: 90) { _ in "14:00:00" }
        #expect(some == "round 1 ended 14:00:00   … 18 more …   round 20 ended 14:00:00   round 21 in progress")
        #expect(TextWidth.of(TimelineScreen.rounds(ends, columns: 60) { _ in "14:00:00" }) <= 60)
    }
}
