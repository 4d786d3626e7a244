// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Node

/// Keys of the configuration in what becomes of a run.
struct RunConfigurationTests {
    /// Executes run 1 and gives what the server has of it.
    private func execute(
        engine: StubEngine = StubEngine(), server: StubServer = StubServer(),
        _ change: (inout NodeConfiguration) -> Void
    ) async throws -> JSONObject {
        let made = AsyncStream.makeStream(of: Void.self)
        let harness = try NodeHarness(server: server, engine: engine) { _, payload in
            if ["completed", "failed", "non-existing Docker image"].contains(payload["status"]) {
                made.continuation.yield()
            }
        } change: {
            change(&$0)
        }
        server.assign(1)
        let supervisor = try await harness.live()
        var ends = made.stream.makeAsyncIterator()
        await ends.next()
        await supervisor.stop()
        return try #require(server.run(1))
    }

    /// The container of run 1, which does not come to its end.
    private func container(_ change: (inout NodeConfiguration) -> Void) async throws -> ContainerSpecification {
        let engine = StubEngine(endless: true)
        let active = AsyncStream.makeStream(of: Void.self)
        let harness = try NodeHarness(engine: engine) { _, payload in
            if payload["status"] == "active" { active.continuation.yield() }
        } change: {
            change(&$0)
        }
        harness.server.assign(1)
        let supervisor = try await harness.live()
        var starts = active.stream.makeAsyncIterator()
        await starts.next()
        await supervisor.stop()
        return try #require(engine.containers["vantage6-test-run-1"]).specification
    }

    @Test func algorithmEnvironmentOverridesWhatTheNodeSets() async throws {
        let environment = try await container { $0.algorithmEnvironment = ["PORT": "1", "player": "Alice"] }.environment
        #expect(
            environment.contains("player=IFWGSY3F") && environment.contains("PORT=\(EnvironmentEncoding.encode("1"))"))
    }

    @Test(arguments: [true, false])
    func devicesAreAskedForOnDemandOnly(gpu: Bool) async throws {
        let host = try await container { $0.usesGPU = gpu }.json["HostConfig"]
        #expect(host?["DeviceRequests"] == (gpu ? [["Count": -1, "Capabilities": [["gpu"]]]] : nil))
    }

    @Test func aReservedNameFailsTheRun() async throws {
        let run = try await execute { $0.algorithmEnvironment = ["PKG_NAME": "x"] }
        #expect(run["status"] == "failed" && run["finished_at"]?.isNull == false)
        #expect(run["log"]?.stringValue?.contains("PKG_NAME") == true)
    }

    @Test func aLogThatIsNotSharedStaysHere() async throws {
        let run = try await execute { $0.sharesLogs = false }
        #expect(run["status"] == "completed")
        #expect(run["log"] == "Node does not allow sharing algorithm logs\n")
    }

    @Test(arguments: [true, false])
    func aFailedPullIsFatalUnlessALocalImageWillDo(requiresPull: Bool) async throws {
        let engine = StubEngine(pullFailure: EngineError(status: 500, message: "registry is down"), hasImages: true)
        let run = try await execute(engine: engine) { $0.policy.requiresPull = requiresPull }
        #expect(run["status"] == (requiresPull ? "non-existing Docker image" : "completed"))
        #expect(run["log"]?.stringValue?.contains("require_algorithm_pull") == requiresPull)
    }

    /// The store is asked with the node's token, and told at which server it can have that checked (4.15.2).
    @Test func theStoreIsAskedAsTheOriginalDoes() async throws {
        let server = StubServer()
        server.answer("GET /algorithmstore/1", 200, ["url": "http://server/api/store"])
        server.answer("GET /store/algorithm?image=example/algorithm:1", 200, ["data": [["id": 1]]])
        let harness = try NodeHarness(server: server)
        var policy = PolicyConfiguration()
        policy.stores = [try PolicyEntry("http://server/api/store")]
        let request = Policy.Request(image: "example/algorithm:1", user: 7, organization: 1, store: 1)
        #expect(await harness.explain(request, with: policy).isAllowed)
        let call = try #require(server.calls.first { $0.path.hasPrefix("/store/") })
        #expect(call.authorization == "Bearer \(StubServer.token)")
        #expect(call.headers["Server-Url"] == "http://server/api" && call.headers["Client-Type"] == "node")
    }
}
