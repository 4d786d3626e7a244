// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import V6Kit

@testable import V6Node

/// The control API over its socket, as the operator's commands and the console use it.
struct ControlAPITests {
    private let harness: NodeHarness
    private let transport = CurlTransport()
    private var socket: String { "\(harness.folder)/control.sock" }

    init() throws { harness = try NodeHarness(engine: StubEngine(endless: true), places: 1) }

    private func withControl(_ body: (RunSupervisor) async throws -> Void) async throws {
        let supervisor = try await harness.live()
        let control = try await ControlServer.start(
            try await harness.control(supervisor), socket: socket, logger: Logger(label: "test"))
        do { try await body(supervisor) } catch {
            await control.stop()
            await supervisor.stop()
            throw error
        }
        await control.stop()
        await supervisor.stop()
    }

    private func ask(
        _ path: String, method: String = "GET"
    ) async throws -> (status: Int, json: JSONValue, text: String) {
        let response = try await transport.send(
            HTTPRequest(method: method, url: "http://node" + path, timeout: .seconds(10), unixSocket: socket))
        return (
            response.status, (try? JSONValue(parsing: response.body)) ?? .null,
            String(decoding: response.body, as: UTF8.self)
        )
    }

    private func phase(of run: Int, becomes phase: RunPhase) async throws -> Bool {
        for _ in 0..<2000 {
            if try await ask("/runs/\(run)").json["phase"]?.stringValue == phase.rawValue { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    @Test func anOperatorSeesRunsQueueContainersAndLog() async throws {
        harness.server.assign(1)
        harness.server.assign(2)
        try await withControl { _ in
            let permissions = try FileManager.default.attributesOfItem(atPath: socket)[.posixPermissions] as? NSNumber
            #expect(permissions?.intValue == 0o600)
            let isRunning = try await phase(of: 1, becomes: .running)
            #expect(isRunning)

            let queue = try await ask("/queue").json
            #expect(queue["computing"] == [1])
            #expect(queue["waiting"] == [2])
            let second = try await ask("/runs/2").json
            #expect(second["position"] == 1)
            #expect(second["phase"] == "queued")
            #expect(second["user"] == 7)
            let status = try await ask("/status").json
            #expect(status["queue"] == 1)

            let containers = try await ask("/containers").json.arrayValue ?? []
            #expect(containers.contains { $0["kind"] == "algorithm" && $0["run"] == 1 })
            #expect(containers.contains { $0["kind"] == "relay" && $0["run"] == 1 })
            let log = try await ask("/runs/1/log").text
            #expect(log == "hello\n")

            let disk = try await ask("/disk").json
            #expect((disk["free"]?.intValue ?? 0) > 0)
            let decision = try await ask("/policy/explain?image=a").json
            #expect(decision["allowed"] == true)
            let leftovers = try await ask("/gc").json.arrayValue ?? []
            #expect(leftovers.contains { $0["name"] == "v6-relay:old" })
            let unknown = try await ask("/runs/99").status
            #expect(unknown == 404)
        }
    }

    @Test func anOperatorEndsARun() async throws {
        harness.server.assign(1)
        try await withControl { _ in
            let isRunning = try await phase(of: 1, becomes: .running)
            #expect(isRunning)
            let first = try await ask("/runs/1/kill", method: "POST").status
            #expect(first == 200)
            let isDone = try await phase(of: 1, becomes: .done)
            #expect(isDone)
            let run = try await ask("/runs/1").json
            #expect(run["status"] == "killed by user")
            let second = try await ask("/runs/1/kill", method: "POST").status
            #expect(second == 409)
        }
    }
}
