// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Console

struct CommandsEventTests {
    private let line = EventLine(
        event: SocketIOEvent(
            name: "algorithm_log", arguments: [["run_id": 12, "log": "\u{1B}[2Jgone"]]),
        time: CommandsWorld.now)

    @Test func eventIsALineForAPersonAndAnObjectForAProgram() {
        #expect(line.text == "12:00:00 algorithm_log run_id=12 log=�[2Jgone\n")
        #expect(line.json["event"] == "algorithm_log")
        #expect(line.json["run_id"] == 12)
        #expect(line.json["time"] == "2026-11-23T12:00:00")
        let text = EventLine(event: SocketIOEvent(name: "message", arguments: ["hello"]), time: CommandsWorld.now)
        #expect(text.json["data"] == "hello")
    }

    @Test func eventIsFilteredLikeAList() throws {
        #expect(try FilterExpression(parsing: "event=algorithm_log run_id=12").matches(line, now: CommandsWorld.now))
        #expect(try !FilterExpression(parsing: "run_id=13").matches(line, now: CommandsWorld.now))
    }
}
