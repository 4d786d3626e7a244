// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Node

/// What goes over the wire beside a recording of the original node (4.15.2), line by line.
///
/// Calls to the engine and events from the server are left out. What algorithms say through the proxy is in `ProxyTranscriptTests`.
struct TranscriptTests {
    /// What a node says at each start.
    private static let signIn = #"""
         > POST /api/token/node json={"api_key": "key"}
         > GET /api/node/5
         > GET /api/organization/1
         > GET /api/collaboration/1
        """#

    /// Gives the node a run, and waits until it tells of its end.
    private func perform(
        _ run: Int, task: Int, image: String = "example/probe:1", parent: Int? = nil, on stage: Transcript.Stage,
        until status: RunStatus
    ) async throws {
        let supervisor = try await begin(run, task: task, image: image, parent: parent, on: stage, until: status)
        await supervisor.stop()
    }

    /// The same while the run goes on, until its log begins.
    private func compute(_ run: Int, task: Int, on stage: Transcript.Stage) async throws -> RunSupervisor {
        let supervisor = try await begin(run, task: task, on: stage, until: .active)
        await stage.waitForLog()
        return supervisor
    }

    private func begin(
        _ run: Int, task: Int, image: String = "example/probe:1", parent: Int? = nil, on stage: Transcript.Stage,
        until status: RunStatus
    ) async throws -> RunSupervisor {
        let supervisor = try await stage.harness.supervisor()
        stage.server.assign(run, image: image, parent: parent, task: task)
        await stage.harness.offer(to: supervisor, task: task)
        await stage.wait(for: status)
        return supervisor
    }

    @Test func theStart() async throws {
        let stage = try Transcript.Stage()
        #expect(try await stage.harness.signIn().nodeID == 5)
        let supervisor = try await stage.harness.supervisor()
        try await stage.harness.shareConfiguration(beside: supervisor)
        try Transcript(
            #"""
            \#(Self.signIn)
             emit node_info_update {"encryption": false, "allowed_algorithms": "all", "database_labels": [], "database_types": {}, "database_columns": {}}
            """#
        ).expect(stage.take())
    }

    /// Run 3: the policy forbids its image.
    @Test func aRunThatIsNotAllowed() async throws {
        var policy = PolicyConfiguration()
        policy.algorithms = [try PolicyEntry("example/probe")]
        let stage = try await Transcript.Stage.signedIn(policy: policy)
        let supervisor = try await stage.harness.supervisor()
        stage.server.assign(3, image: "registry.example/other:1", task: 2)
        await stage.harness.offer(to: supervisor)
        await stage.wait(for: .notAllowed)
        await supervisor.stop()
        try Transcript(
            #"""
             > GET /api/run params={"state": "open", "node_id": 5, "include": "task"}
             > PATCH /api/run/3 json={"started_at": "2026-11-23T19:02:42.112726+00:00"}
            # No token is made for what does not run.
            -> POST /api/token/container json={"task_id": 2, "image": "registry.example/other:1"}
            # The one who asked learns why.
            -> PATCH /api/run/3 json={"status": "not allowed", "finished_at": "2026-11-23T19:02:42.282428+00:00"}
            +> PATCH /api/run/3 json={"result": "", "log": "[node] …", "status": "not allowed", "finished_at": "2026-11-23T19:02:42.282428+00:00"}
             emit algorithm_status_change {"node_id": 5, "status": "not allowed", "run_id": 3, "task_id": 2, "collaboration_id": 1, "organization_id": 1, "parent_id": null}
            """#
        ).expect(stage.take())
    }

    /// Task 16, and the subtask 23.
    @Test(arguments: [(task: 16, run: 19, parent: nil as Int?), (task: 23, run: 26, parent: 22)])
    func aRun(task: Int, run: Int, parent: Int?) async throws {
        let stage = try await Transcript.Stage.signedIn()
        try await perform(run, task: task, parent: parent, on: stage, until: .completed)
        let subject =
            #""run_id": \#(run), "task_id": \#(task), "collaboration_id": 1, "organization_id": 1, "parent_id": \#(parent.map(String.init) ?? "null")"#
        try Transcript(
            #"""
             > GET /api/run params={"state": "open", "node_id": 5, "include": "task", "task_id": \#(task)}
             > PATCH /api/run/\#(run) json={"started_at": "2026-11-23T19:04:12.001192+00:00"}
             > POST /api/token/container json={"task_id": \#(task), "image": "example/probe:1"}
            # After the next line, which wipes the log at the server.
            -emit algorithm_log {"collaboration_id": 1, "run_id": \#(run), "task_id": \#(task), "log": "hello\n"}
             > PATCH /api/run/\#(run) json={"status": "active"}
             emit algorithm_status_change {"node_id": 5, "status": "active", \#(subject)}
            +emit algorithm_log {"collaboration_id": 1, "run_id": \#(run), "task_id": \#(task), "log": "hello\n"}
            # There are no ports of a VPN.
            -> DELETE /api/port params={"run_id": \#(run)}
            # After the result is stored: whoever is told finds it.
            -emit algorithm_status_change {"node_id": 5, "status": "completed", \#(subject)}
            # All of this stands in the list of open runs; the key of the organization serves encrypted collaborations only.
            -> GET /api/run/\#(run)
            -> GET /api/task/\#(task)
            -> GET /api/organization/1
            -> GET /api/blobstream/status
             > PATCH /api/run/\#(run) json={"result": "eyJuIjogMX0=", "log": "hello\n", "status": "completed", "finished_at": "2026-11-23T19:04:14.823400+00:00"}
            +emit algorithm_status_change {"node_id": 5, "status": "completed", \#(subject)}
            """#
        ).expect(stage.take())
    }

    /// Task 22: killed while it runs.
    @Test func aRunThatIsKilled() async throws {
        let stage = try await Transcript.Stage.signedIn(engine: StubEngine(endless: true))
        let supervisor = try await compute(25, task: 22, on: stage)
        try Transcript(
            #"""
             > GET /api/run params={"state": "open", "node_id": 5, "include": "task", "task_id": 22}
             > PATCH /api/run/25 json={"started_at": "2026-11-23T19:05:16.645400+00:00"}
             > POST /api/token/container json={"task_id": 22, "image": "example/probe:1"}
            # After the next line, which wipes the log at the server.
            -emit algorithm_log {"collaboration_id": 1, "run_id": 25, "task_id": 22, "log": "hello\n"}
             > PATCH /api/run/25 json={"status": "active"}
             emit algorithm_status_change {"node_id": 5, "status": "active", "run_id": 25, "task_id": 22, "collaboration_id": 1, "organization_id": 1, "parent_id": null}
            +emit algorithm_log {"collaboration_id": 1, "run_id": 25, "task_id": 22, "log": "hello\n"}
            """#
        ).expect(stage.take())
        stage.server.finish(25, status: "killed by user")
        await supervisor.kill([25])
        await stage.wait(for: .killed)
        await supervisor.stop()
        try Transcript(
            #"""
            # Refused in both cases, as the server has ended the run. Here the node says all it knows, once, and asks whether it is over.
            -> PATCH /api/run/25 json={"status": "killed by user"}
            -> POST /api/token/refresh
            -> PATCH /api/run/25 json={"status": "killed by user"}
            +> PATCH /api/run/25 json={"result": "", "log": "", "status": "killed by user", "finished_at": "2026-11-23T19:05:40.000000+00:00"}
            +> GET /api/run/25
            # The same members in the order of the others.
            -emit algorithm_status_change {"run_id": 25, "task_id": 22, "collaboration_id": 1, "node_id": 5, "status": "killed by user", "organization_id": 1, "parent_id": null}
            +emit algorithm_status_change {"node_id": 5, "status": "killed by user", "run_id": 25, "task_id": 22, "collaboration_id": 1, "organization_id": 1, "parent_id": null}
            """#
        ).expect(stage.take())
    }

    /// Task 24: no such image; task 25: a command that cannot be executed.
    @Test(arguments: [
        (task: 24, run: 27, image: "example/probe:404", status: RunStatus.noDockerImage),
        (task: 25, run: 28, image: "example/probe:nobin", status: RunStatus.startFailed),
    ])
    func aRunThatDoesNotStart(task: Int, run: Int, image: String, status: RunStatus) async throws {
        let fault = EngineError(status: 404, message: "not found")
        let engine = StubEngine(pullFailure: status == .noDockerImage ? fault : nil) { step in
            if step == "start vantage6-test-run-\(run)" { throw EngineError(status: 400, message: "no such file") }
        }
        let stage = try await Transcript.Stage.signedIn(engine: engine)
        try await perform(run, task: task, image: image, on: stage, until: status)
        let told =
            #"emit algorithm_status_change {"node_id": 5, "status": "\#(status.rawValue)", "run_id": \#(run), "task_id": \#(task), "collaboration_id": 1, "organization_id": 1, "parent_id": null}"#
        try Transcript(
            #"""
             > GET /api/run params={"state": "open", "node_id": 5, "include": "task", "task_id": \#(task)}
             > PATCH /api/run/\#(run) json={"started_at": "2026-11-23T19:06:45.141098+00:00"}
             > POST /api/token/container json={"task_id": \#(task), "image": "\#(image)"}
            # Said once, with its end and its reason.
            -> PATCH /api/run/\#(run) json={"status": "\#(status.rawValue)"}
            -\#(told)
            -\#(told)
            -> GET /api/run/\#(run)
            -> GET /api/task/\#(task)
            -> GET /api/organization/1
            -> GET /api/blobstream/status
            -> PATCH /api/run/\#(run) json={"result": "", "log": "Container failed. Check node logs for details", "status": "\#(status.rawValue)", "finished_at": "2026-11-23T19:06:45.721243+00:00"}
            +> PATCH /api/run/\#(run) json={"result": "", "log": "[node] …", "status": "\#(status.rawValue)", "finished_at": "2026-11-23T19:06:45.721243+00:00"}
            +\#(told)
            """#
        ).expect(stage.take())
    }

    /// Task 26: the node is restarted while the algorithm runs; the original executes it again.
    @Test func aRunOverARestart() async throws {
        let engine = StubEngine(endless: true)
        let stage = try await Transcript.Stage.signedIn(engine: engine)
        var supervisor = try await compute(29, task: 26, on: stage)
        await supervisor.stop()
        _ = stage.take()

        _ = try await stage.harness.signIn()
        supervisor = try await stage.harness.supervisor()
        try await supervisor.recover()
        await stage.wait(for: .active)
        await stage.waitForLog()
        await stage.harness.offer(to: supervisor)
        try engine.finish("vantage6-test-run-29")
        await stage.wait(for: .completed)
        await supervisor.stop()
        #expect(engine.starts("vantage6-test-run-29") == 1)
        let subject =
            #""run_id": 29, "task_id": 26, "collaboration_id": 1, "organization_id": 1, "parent_id": null"#
        try Transcript(
            #"""
            \#(Self.signIn)
            # After the run that is still there is taken up.
            -> GET /api/run params={"state": "open", "node_id": 5, "include": "task"}
            # It is not started again.
            -> PATCH /api/run/29 json={"started_at": "2026-11-23T19:07:06.853141+00:00"}
            -> POST /api/token/container json={"task_id": 26, "image": "example/probe:1"}
            -emit algorithm_log {"collaboration_id": 1, "run_id": 29, "task_id": 26, "log": "hello\n"}
             > PATCH /api/run/29 json={"status": "active"}
             emit algorithm_status_change {"node_id": 5, "status": "active", \#(subject)}
            +emit algorithm_log {"collaboration_id": 1, "run_id": 29, "task_id": 26, "log": "hello\n"}
            +> GET /api/run params={"state": "open", "node_id": 5, "include": "task"}
            # The original goes on with another start at each restart; the result comes once, of the only execution.
            +> PATCH /api/run/29 json={"result": "eyJuIjogMX0=", "log": "hello\n", "status": "completed", "finished_at": "2026-11-23T19:07:30.000000+00:00"}
            +emit algorithm_status_change {"node_id": 5, "status": "completed", \#(subject)}
            """#
        ).expect(stage.take())
    }
}
