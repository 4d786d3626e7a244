// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit
import V6TestSupport

@testable import V6Console

/// What is recorded is played as if it happened now.
@Suite struct RecordingTests {
    /// A clock that moves when somebody waits.
    private final class Time: Sendable {
        private let moment = Mutex(Network.now)
        func now() -> Timestamp { moment.withLock { $0 } }

        /// Lets the time pass; nothing comes any more where a poll would take its full 25 seconds, and it waits for its end.
        func sleep(_ duration: Duration) async throws {
            if duration >= .seconds(25) { try await Task.sleep(for: .seconds(86_400)) }
            pass(duration)
        }

        func pass(_ duration: Duration) {
            let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
            moment.withLock { $0 = $0.adding(seconds: seconds) }
        }
    }

    private static let lines = """
        {"begun": "2026-03-02T10:00:00", "server": "https://demo.example", "user_id": 4}
        {"at": 0.1, "get": "/api/user/4?include_permissions=1", "body": {"id": 4, "username": "anna"}}
        {"at": 0.2, "get": "/api/task?page=1", "total": "1", "body": {"data": [{"id": 1, "status": "active", \
        "created_at": "2026-03-02T09:59:00"}]}}
        {"at": 8, "get": "/api/task?page=1", "total": "2", "body": {"data": []}}
        {"at": 6, "event": ["node-online", {"id": 2}]}
        """

    private func transport(_ time: Time, _ text: String = lines) throws -> RecordedTransport {
        RecordedTransport(
            try Recording(lines: Data(text.utf8)), now: { time.now() }, sleep: { try await time.sleep($0) })
    }

    private func get(_ path: String, _ transport: RecordedTransport) async throws -> (status: Int, body: String) {
        let response = try await transport.send(HTTPRequest(url: "https://demo.example\(path)"))
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    /// The question that an event causes is answered with what the server said after that event.
    @Test func answerThatCameALittleLaterBelongsToAQuestionOfNow() async throws {
        let time = Time()
        let transport = try transport(time)
        time.pass(.milliseconds(7_500))
        #expect(try await get("/api/task?page=1", transport).body == #"{"data":[]}"#)
    }

    @Test func answersAreThoseOfTheMomentWithTimesMovedToNow() async throws {
        let time = Time()
        let transport = try transport(time)
        let first = try await get("/api/task?page=1", transport)
        let created = Network.now.adding(seconds: -60).text
        #expect(first.status == 200 && first.body.contains("\"created_at\":\"\(created)\""))
        time.pass(.seconds(9))
        let later = try await get("/api/task?page=1", transport)
        #expect(later.body == #"{"data":[]}"#)
        let other = try await get("/api/node", transport)
        #expect(other.status == 404 && other.body.contains("this is a recording"))
        #expect(transport.recording.username == "anna")
        #expect(TokenClaims(decoding: transport.recording.token)?.subject == 4)
    }

    /// No recorded console looks at every node, and the runs of each are in what it heard of tasks.
    @Test func theRunsOfANodeAreFoundInWhatWasSaidOfTasks() async throws {
        let time = Time()
        let text = """
            {"begun": "2026-03-02T10:00:00", "server": "https://demo.example", "user_id": 4}
            {"at": 0.1, "get": "/api/run?task_id=1&per_page=500", "body": {"data": [{"id": 1, "status": "active", \
            "node": {"id": 7}}, {"id": 2, "status": "active", "node": {"id": 8}}]}}
            {"at": 6, "get": "/api/run/1", "body": {"id": 1, "status": "completed", "node": {"id": 7}}}
            {"at": 7, "get": "/api/run?task_id=2&per_page=500", "body": {"data": [{"id": 3, "node": {"id": 7}}]}}
            """
        let transport = try transport(time, text)
        let path = "/api/run?node_id=7&sort=-id&per_page=100"
        #expect(
            try await get(path, transport).body == #"{"data":[{"id":1,"status":"active","node":{"id":7}}]}"#)
        time.pass(.seconds(8))
        #expect(
            try await get(path, transport).body
                == #"{"data":[{"id":3,"node":{"id":7}},{"id":1,"status":"completed","node":{"id":7}}]}"#)
        #expect(try await get("/api/run?node_id=9&sort=-id&per_page=100", transport).body == #"{"data":[]}"#)
    }

    /// A command asks for other pages, filters and inclusions than the screen that was recorded.
    @Test(arguments: [
        ("/api/node?page=1&per_page=1", #"{"data":[{"id":7,"name":"one","organization":{"id":1}}]}"#),
        ("/api/node?organization_id=2", #"{"data":[{"id":8,"name":"two","organization":{"id":2}}]}"#),
        ("/api/node?name=two", #"{"data":[{"id":8,"name":"two","organization":{"id":2}}]}"#),
        ("/api/node/8", #"{"id":8,"name":"two","organization":{"id":2}}"#),
        ("/api/task?is_user_created=1", #"{"data":[{"id":1,"parent":null,"created_at":"2026-03-02T09:59:00"}]}"#),
        (
            "/api/collaboration?include=organizations",
            #"{"data":[{"id":3,"organizations":[{"id":2,"name":"beta"}]}]}"#
        ),
        ("/api/organization?collaboration_id=3&page=2&per_page=1", #"{"data":[]}"#),
    ])
    func otherQuestionsAreAnsweredFromTheRecordsThatWereHeardOf(_ path: String, _ expected: String) async throws {
        let lines = """
            {"begun": "2026-03-02T10:00:00", "server": "https://demo.example", "user_id": 4}
            {"at": 0.1, "get": "/api/node?per_page=500", "body": {"data": [{"id": 7, "name": "one", \
            "organization": {"id": 1}}, {"id": 8, "name": "two", "organization": {"id": 2}}]}}
            {"at": 0.1, "get": "/api/organization?per_page=500", "body": {"data": [{"id": 1, "name": "alpha"}, \
            {"id": 2, "name": "beta"}]}}
            {"at": 0.2, "get": "/api/organization?collaboration_id=3&per_page=500", "body": {"data": [{"id": 2, \
            "name": "beta"}]}}
            {"at": 9, "get": "/api/collaboration/3", "body": {"id": 3, \
            "organizations": "/api/organization?collaboration_id=3"}}
            {"at": 9, "get": "/api/task?page=1", "body": {"data": [\
            {"id": 1, "parent": null, "created_at": "2026-03-02T09:59:00"}, \
            {"id": 2, "parent": {"id": 1}, "created_at": "2026-03-02T09:59:30"}, \
            {"id": 3, "parent": null, "created_at": "2026-03-02T10:00:08"}]}}
            """
        let time = Time()
        let recording = try Recording(lines: Data(lines.utf8))
        let answer = recording.answer(to: path, at: 0)
        #expect(answer?.body.text() == expected)
        #expect(try await get(path, try transport(time, lines)).status == 200)
    }

    @Test(arguments: ["/api/study", "/api/node/9", "/api/node?colour=red", "/api/node?sort=name"])
    func whatWasNeverHeardOfHasNoAnswer(_ path: String) async throws {
        let lines = """
            {"begun": "2026-03-02T10:00:00", "server": "https://demo.example", "user_id": 4}
            {"at": 0.1, "get": "/api/node?per_page=500", "body": {"data": [{"id": 7, "name": "one"}]}}
            """
        let (status, body) = try await get(path, try transport(Time(), lines))
        #expect(status == 404 && body.contains("this is a recording"))
    }

    @Test func eventsComeWhenTheirTimeHasCome() async throws {
        let time = Time()
        let transport = try transport(time)
        let client = V6Client(address: try ServerAddress("https://demo.example"), transport: transport)
        await client.use(accessToken: transport.recording.token)
        let socket = SocketIOClient(
            root: "https://demo.example", transport: transport, token: { try await client.accessToken() })
        var events: [SocketIOEvent] = []
        for await case .event(let event) in EventStream(socket: socket, client: client).signals() {
            events.append(event)
            break
        }
        #expect(events == [SocketIOEvent(name: "node-online", arguments: [["id": 2]])])
        #expect(time.now().seconds(since: Network.now) >= 6)
    }

    @Test(arguments: [("", 1), ("{}", 1), ("nonsense", 1)]) func noRecordingNamesItsLine(_ text: String, _ line: Int) {
        let failure = #expect(throws: ConsoleFailure.self) { try Recording(lines: Data(text.utf8)) }
        #expect(failure?.message.contains("Line \(line)") == true)
    }

    @Test func whatIsRecordedCanBePlayed() async throws {
        let time = Time()
        let transport = try transport(time)
        try await withTemporaryDirectory { folder in
            let path = folder.appending(path: "session.jsonl").path
            let recorder = try Recorder(path: path, now: { time.now() })
            let recording = RecordingTransport(base: transport, recorder: recorder)
            let token = [(name: "Authorization", value: "Bearer \(transport.recording.token)")]
            for path in ["/api/task?page=1", "/api/nothing"] {
                _ = try await recording.send(HTTPRequest(url: "https://demo.example\(path)", headers: token))
            }
            time.pass(.seconds(3))
            try recorder.note(SocketIOEvent(name: "new_task", arguments: [["id": 9]]))
            let data = try Data(contentsOf: URL(filePath: path))
            let played = try Recording(lines: data)
            #expect(played.server == "https://demo.example" && played.userID == 4)
            #expect(played.answers.keys.sorted() == ["/api/task?page=1"], "refusals are not recorded")
            #expect(played.events.map(\.at) == [3])
            #expect(!String(decoding: data, as: UTF8.self).contains(transport.recording.token))
            #expect(throws: ConsoleFailure.self) { try Recorder(path: path, now: { time.now() }) }
        }
    }

    @Test func theProgramCarriesARecordingThatFillsItsViews() async throws {
        let recording = try Recording.ofProgram()
        #expect(recording.username != nil && !recording.events.isEmpty)
        let time = Time()
        let console = ScriptConsole(
            environment: ConsoleEnvironment(variables: [:]), terminal: TerminalTraits(), output: TextSink { _ in },
            talk: TextSink { _ in }, readInput: { Data() }, prompter: .terminal,
            transport: { _ in RecordedTransport(recording, now: { time.now() }, sleep: { try await time.sleep($0) }) },
            now: { time.now() }, sleep: { time.pass($0) })
        let opener = try SessionOpener.playing(recording, in: console)
        let session = try await opener.open()
        let mailbox = try #require(Mailbox())
        var world = World(now: time.now(), size: Size(rows: 45, columns: 160))
        world.identity = try Identity(of: session)
        world.isReadOnly = true
        var screen = HeadlessConsole(
            app: App(world: world, theme: .monochrome, start: .home),
            runner: EffectRunner(mailbox: mailbox, session: session, opener: opener), now: { time.now() })
        await screen.start()
        time.pass(.seconds(3_600))
        for view in ["home", "tasks", "nodes", "collaborations", "users", "roles", "organizations", "events", "doctor"]
        {
            await screen.execute(view)
            await screen.press(.control("r"))
            let faults = screen.app.model.world.federation.loads.compactMapValues(\.fault)
            #expect(faults.isEmpty, "\(view): \(faults)")
        }
        for task in screen.app.model.world.federation.taskIDs {
            for view in ["task", "result", "timeline", "raw"] { await screen.execute("\(view) \(task)") }
        }
        let faults = screen.app.model.world.federation.loads.compactMapValues(\.fault)
        #expect(faults.isEmpty, "\(faults)")
        #expect(!screen.app.model.world.federation.results.isEmpty)
    }
}
