// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import V6Kit

@testable import V6Console

struct CommandsFollowTests {
    private static func status(_ status: String, run: Int, name: String = "algorithm_status_change") -> SocketIOEvent {
        SocketIOEvent(name: name, arguments: [["status": .string(status), "run_id": JSONValue(run)]])
    }

    @Test func eventMovesARunButOnlyAReadEndsTheTask() {
        var progress = TaskProgress()
        progress.read([["id": 1, "status": "active"], ["id": 2, "status": "completed"]])
        #expect(progress.exit == .pending)
        #expect(!progress.hear(Self.status("completed", run: 9)))
        #expect(progress.hear(Self.status("completed", run: 1)))
        #expect(progress.summary == "2/2 completed")
        #expect(!progress.isFinished)
        progress.read([["id": 1, "status": "completed"], ["id": 2, "status": "completed"]])
        #expect(progress.exit == .success)
    }

    @Test func lateEventDoesNotTakeAFinishedRunBack() {
        var progress = TaskProgress()
        progress.read([["id": 1, "status": "crashed"]])
        #expect(progress.hear(Self.status("active", run: 1)))
        #expect(progress.exit == .taskFailed)
    }

    @Test func logEventsAreNoReasonToLook() {
        var progress = TaskProgress()
        progress.read([["id": 1, "status": "active"]])
        #expect(!progress.hear(Self.status("active", run: 1, name: "algorithm_log")))
        #expect(progress.hear(Self.status("active", run: 1, name: "status_update")))
    }

    @Test func looksGrowSeldomAndHurryAfterAnEvent() {
        var cadence = PollCadence()
        var pauses = (0..<8).map { _ in cadence.pause() }
        #expect(pauses.first == .milliseconds(100))
        #expect(pauses.last == .seconds(2))
        cadence.hurry(byEvent: true)
        #expect(cadence.pause() == .milliseconds(100))
        pauses = (0..<12).map { _ in cadence.pause() }
        #expect(pauses.last == .seconds(15))
        cadence.lostEvents()
        #expect(cadence.pause() == .seconds(2))
    }

    @Test func feedDropsAppointmentsThatWereReplaced() async throws {
        let due = Mutex(0)
        let feed = LiveFeed(
            signals: {
                AsyncStream { continuation in
                    continuation.yield(.connected)
                    continuation.yield(.event(Self.status("active", run: 1)))
                    continuation.finish()
                }
            }, sleep: { _ in await Task.yield() })
        let seen = Mutex<[String]>([])
        try await feed.follow(timeout: nil, ticking: false) { moment in
            switch moment {
            case .due:
                seen.withLock { $0.append("due") }
                let count = due.withLock { value -> Int in
                    value += 1
                    return value
                }
                return count >= 2 && seen.withLock({ $0.contains("event") }) ? .done : .lookIn(.seconds(1))
            case .signal(.event):
                seen.withLock { $0.append("event") }
                return .lookIn(.zero)
            default:
                return .goOn
            }
        }
        #expect(seen.withLock { $0.first } == "due")
        #expect(seen.withLock { $0.contains("event") })
    }

    @Test func timeoutIsTold() async throws {
        let feed = LiveFeed(signals: { AsyncStream { $0.finish() } }, sleep: { _ in await Task.yield() })
        var expired = false
        try await feed.follow(timeout: .seconds(1), ticking: false) { moment in
            if case .expired = moment {
                expired = true
                return .done
            }
            return .goOn
        }
        #expect(expired)
    }

    @Test func growingLogIsShownOnceAndWhole() {
        var cursor = LogCursor()
        #expect(cursor.advance(to: "a\nb") == ["a", "b"])
        #expect(cursor.advance(to: "a\nb\nc\n") == ["c"])
        #expect(cursor.advance(to: "a\nb\nc\n") == [])
        #expect(cursor.advance(to: "a\r\nb\nc\nd") == ["d"])
        #expect(cursor.advance(to: "a\nb\nc\ndone") == ["done"])
    }

    @Test func logThatIsReplacedAtTheEndIsNotShownTwice() {
        var cursor = LogCursor()
        #expect(cursor.advance(to: "x\ny\n") == ["x", "y"])
        #expect(cursor.advance(to: "X\nY\nz\n") == ["z"])
        #expect(cursor.advance(to: "other\n") == [])
    }

    @Test func emptyLogHasNoLines() {
        var cursor = LogCursor()
        #expect(cursor.advance(to: "") == [])
        #expect(cursor.advance(to: "\n") == [""])
    }

    @Test func followedLogEndsWithItsRun() async throws {
        let states: [JSONValue] = [
            ["id": 5, "status": "active", "log": "one\n"], ["id": 5, "status": "active", "log": "one\ntwo\n"],
            ["id": 5, "status": "completed", "log": "one\ntwo\nthree"],
        ]
        let left = Mutex(states)
        let answer: StubServer.Answer = { _ in
            (200, left.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? .null })
        }
        try await withWorld(["GET /run/5": answer]) { world in
            let end = await world.run("run", "logs", "5", "-f")
            #expect(end.status == 0)
            #expect(end.output == "one\ntwo\nthree\n")
        }
    }

    @Test func logIsMadeHarmlessForATerminalOnly() async throws {
        let run: JSONValue = ["id": 5, "status": "completed", "log": "\u{1B}]0;title\u{7}text\n"]
        try await withWorld(["GET /run/5": StubServer.json(run)]) { world in
            #expect(await world.run("run", "logs", "5").output == "\u{1B}]0;title\u{7}text\n")
            world.terminal.outputIsTerminal = true
            let shown = await world.run("run", "logs", "5").output
            #expect(!shown.unicodeScalars.contains("\u{1B}"))
            #expect(!shown.unicodeScalars.contains("\u{7}"))
        }
    }

    @Test func logsOfATaskCarryTheirOrganization() async throws {
        let runs: [JSONValue] = [
            ["id": 6, "status": "completed", "log": "b", "organization": ["id": 3]],
            ["id": 5, "status": "completed", "log": "a", "organization": ["id": 2]],
        ]
        let server: [String: StubServer.Answer] = [
            "GET /run": StubServer.list(runs),
            "GET /organization": StubServer.list([["id": 2, "name": "alpha"], ["id": 3, "name": "beta"]]),
        ]
        try await withWorld(server) { world in
            #expect(await world.run("run", "logs", "task/1").output == "alpha │ a\nbeta │ b\n")
        }
    }
}
