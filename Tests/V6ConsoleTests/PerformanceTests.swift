// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

/// A key is answered before a person notices, however much there is to show.
///
/// The bounds are those of an unoptimized build on a busy machine; what was measured is printed.
@Suite(.serialized) struct PerformanceTests {
    private static let screen = Size(rows: 45, columns: 160)

    private func measure(_ name: String, _ app: inout App, keys: [Key], rounds: Int) -> Duration {
        var times: [Duration] = []
        let clock = ContinuousClock()
        for round in 0..<rounds {
            times.append(
                clock.measure {
                    _ = app.update(.key(keys[round % keys.count]), at: Network.now)
                    _ = app.view()
                })
        }
        times.sort()
        let last = times[times.count * 99 / 100]
        print("console \(name): key to frame p50 \(times[times.count / 2]) p99 \(last)")
        return last
    }

    private func crowded() throws -> App {
        var federation = Network.federation
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(try #require(Network.tasks.first)), as: UTF8.self)
        let many = try (1...100_000).map { index in
            try #require(Network.decode(text.replacing("\"id\":30,", with: "\"id\":\(index + 100),")) as AlgorithmTask?)
        }
        federation.absorb(.tasks(many, total: many.count, older: true), for: .taskPage(1), at: Network.now)
        return Network.app(size: Self.screen, federation: federation)
    }

    @Test func aListOfManyTasks() throws {
        var app = try crowded()
        app.visit("tasks")
        #expect(
            measure("100,000 tasks", &app, keys: ["j", .pageDown, "k", "G", "g"], rounds: 100) < .milliseconds(200))
    }

    @Test func aLongLog() {
        var app = Network.app(size: Self.screen)
        app.visit("run 61")
        var log = LogBuffer()
        for index in 0..<50_000 { log.append("info > iteration \(index) of many, loss \(index * 7 % 1_000)\n") }
        app.model.world.federation.logs[61] = log
        let keys: [Key] = [.pageUp, .pageUp, "j", "k", "w", .control("u")]
        #expect(measure("50,000 lines", &app, keys: keys, rounds: 120) < .milliseconds(300))
    }
}
