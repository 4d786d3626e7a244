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
        let heard = [9, 1].map { progress.hear(Self.status("completed", run: $0)) }
        #expect(heard == [false, true])
        #expect(progress.summary == "2/2 completed")
        #expect(!progress.isFinished)
        progress.read([["id": 1, "status": "completed"], ["id": 2, "status": "completed"]])
        #expect(progress.exit == .success)
    }

    @Test func lateEventDoesNotTakeAFinishedRunBack() {
        var progress = TaskProgress()
        progress.read([["id": 1, "status": "crashed"]])
        _ = progress.hear(Self.status("active", run: 1))
        #expect(progress.exit == .taskFailed)
    }

    @Test func logEventsAreNoReasonToLook() {
        var progress = TaskProgress()
        progress.read([["id": 1, "status": "active"]])
        let heard = ["algorithm_log", "status_update"].map { progress.hear(Self.status("active", run: 1, name: $0)) }
        #expect(heard == [false, true])
    }

    @Test func looksGrowSeldomAndHurryAfterAnEvent() {
        var cadence = PollCadence()
        var pauses = (0..<8).map { _ in cadence.pause() }
        #expect(pauses.first == .milliseconds(100))
        #expect(pauses.last == .seconds(2))
        cadence.hurry()
        let afterEvent = cadence.pause()
        #expect(afterEvent == .milliseconds(100))
        pauses = (0..<12).map { _ in cadence.pause() }
        #expect(pauses.last == .seconds(15))
        guard case .lookIn(.seconds(2)) = cadence.step(after: .disconnected(reason: "gone")) else {
            Issue.record("without events a look follows within two seconds")
            return
        }
        let afterLoss = cadence.pause()
        #expect(afterLoss == .seconds(2))
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
            }, sleep: { _ in await Task.yield() }, now: { CommandsWorld.now })
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

    private static func feed(now: @escaping @Sendable () -> Timestamp = { CommandsWorld.now }) -> LiveFeed {
        LiveFeed(signals: { AsyncStream { $0.finish() } }, sleep: { _ in await Task.yield() }, now: now)
    }

    private static let away = APIError(kind: .unreachable, message: "refused", request: "GET /run")

    @Test func serverThatAnsweredBeforeMayBeAwayForAWhile() async throws {
        var looks = 0
        var troubles = 0
        try await Self.feed().follow(timeout: nil, ticking: false) { moment in
            switch moment {
            case .due:
                looks += 1
                if looks == 2 || looks == 3 { throw Self.away }
                return looks == 4 ? .done : .lookIn(.seconds(1))
            case .trouble:
                troubles += 1
                return .goOn
            default:
                return .goOn
            }
        }
        #expect(looks == 4)
        #expect(troubles == 2)
    }

    @Test func serverThatNeverAnsweredOrStaysAwayEndsTheWait() async throws {
        await #expect(throws: APIError.self) {
            try await Self.feed().follow(timeout: nil, ticking: false) { _ in throw Self.away }
        }
        let clock = Mutex(CommandsWorld.now)
        let feed = Self.feed(now: {
            clock.withLock { time in
                time = time.adding(seconds: 200)
                return time
            }
        })
        var looks = 0
        await #expect(throws: APIError.self) {
            try await feed.follow(timeout: nil, ticking: false) { moment in
                guard case .due = moment else { return .goOn }
                looks += 1
                if looks > 1 { throw Self.away }
                return .lookIn(.seconds(1))
            }
        }
        #expect((3...5).contains(looks))
    }

    @Test func timeoutIsTold() async throws {
        let feed = Self.feed()
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

    /// What is shown as a log goes from state to state.
    private func shown(_ states: String...) -> [[String]] {
        var cursor = LogCursor()
        return states.map { cursor.advance(to: $0) }
    }

    @Test func growingLogIsShownOnceAndWhole() {
        #expect(
            shown("a\nb", "a\nb\nc\n", "a\nb\nc\n", "a\r\nb\nc\nd", "a\nb\nc\ndone")
                == [["a", "b"], ["c"], [], ["d"], ["done"]])
    }

    @Test func logThatIsReplacedAtTheEndIsNotShownTwice() {
        #expect(shown("x\ny\n", "X\nY\nz\n", "other\n") == [["x", "y"], ["z"], []])
    }

    @Test func emptyLogHasNoLines() {
        #expect(shown("", "\n") == [[], [""]])
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
