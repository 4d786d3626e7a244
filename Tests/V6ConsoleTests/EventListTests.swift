// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// The list of events: the cursor stays with its event while others come, and every key does something or says why not.
@Suite struct EventListTests {
    private func app() -> App {
        var app = Network.app()
        app.visit("events")
        return app
    }

    private func press(_ app: inout App, _ keys: Key...) -> [Effect] {
        keys.flatMap { app.update(.key($0), at: Network.now) }
    }

    private func pointed(_ app: App) -> String? { (app.model.top as? EventListScreen)?.pointed?.event.text }

    @Test func cursorStaysWithItsEvent() {
        var app = app()
        _ = press(&app, "j")
        #expect(pointed(app) == "task 30 created")
        let event = SocketIOEvent(name: "node-offline", arguments: [["id": 1, "name": "maas-node"]])
        _ = app.update(.realtime(.event(event)), at: Network.now)
        #expect(app.view().text.contains("node maas-node is offline"))
        #expect(pointed(app) == "task 30 created")
    }

    @Test func eventsAreCopiedAndSaved() {
        var app = app()
        #expect(press(&app, "c") == [.copy("14:18:51  run 62  Maas Clinic  completed")])
        let copied = press(&app, " ", " ", "c")
        #expect(copied == [.copy("14:18:51  run 62  Maas Clinic  completed\n14:18:00  task 30 created")])
    }

    @Test func onlyAnEventOfATaskIsOpened() {
        var app = app()
        _ = press(&app, "j", "j", .enter)
        #expect(app.model.top.place == .events && app.model.notice?.text.contains("this event is of no task") == true)
        _ = press(&app, "k", .enter)
        #expect(app.model.top.place == .task(30))
    }

    @Test func columnsSortIt() {
        var app = app()
        _ = press(&app, "S", "e", "v", "e", "n", "t", .enter, "g")
        #expect(pointed(app)?.hasPrefix("node delta-node") == true)
    }
}
