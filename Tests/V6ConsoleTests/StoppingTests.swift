// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

/// What takes long says how far it is, and can be stopped.
@Suite struct StoppingTests {
    /// A run that is still being loaded, two and a half seconds later.
    private func app() -> App {
        var app = Network.app()
        app.visit("run 52")
        app.model.world.running = [.load(.run(52)): Network.now]
        _ = app.update(.progress(.load(.run(52)), 1_500), at: Network.now.adding(seconds: 2.5))
        return app
    }

    @Test func countAndTimeShow() {
        #expect(app().view().text.contains("loading run 52 1500 2 s  esc stops"))
    }

    @Test func escapeStopsItAndStays() {
        var app = app()
        let later = Network.now.adding(seconds: 3)
        let effects = app.update(.key(.escape), at: later)
        #expect(effects.contains(.abandon([.load(.run(52))])))
        #expect(app.model.top.place == .run(52))
        #expect(app.model.notice == .good("Stopped loading run 52"))
        #expect(!app.update(.tick, at: later.adding(seconds: 10)).contains(.load(.run(52))), "not by itself")
        #expect(app.update(.key(.control("r")), at: later).contains(.load(.run(52))))
    }

    @Test func whatWasStoppedHoldsNoCount() {
        var app = app()
        _ = app.update(.key(.control("c")), at: Network.now.adding(seconds: 3))
        #expect(app.model.world.running.isEmpty && app.model.world.counts.isEmpty)
        #expect(app.model.notice == .good("Press ctrl-c again to quit"))
    }

    @Test func aMomentIsNotWorthStopping() {
        var app = Network.app()
        app.visit("tasks")
        app.model.world.running = [.load(.nodes): Network.now]
        _ = app.update(.key(.escape), at: Network.now.adding(seconds: 1))
        #expect(app.model.top.place == .home)
    }
}
