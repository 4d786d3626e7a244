// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
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

    @Test(arguments: [nil, "65534"])
    func theUserIsTheImagesUnlessTheNodeNamesOne(user: String?) async throws {
        let json = try await container { $0.isolation.user = user }.json
        #expect(json["User"] == user.map { .string($0) })
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

    /// What containerd says of a container whose start a killed engine did not see to its end.
    @Test func aRelayThatTheEngineHoldsForBegunIsMadeAnew() async throws {
        let refusals = Mutex(2)
        let engine = StubEngine { step in
            let isRefused =
                step.hasPrefix("start vantage6-test-relay-")
                || step == "start vantage6-test-run-1-helper"
                    && refusals.withLock { left in
                        defer { left -= 1 }
                        return left > 0
                    }
            if isRefused { throw EngineError(status: 409, message: "task 1f2e: already exists") }
        }
        let run = try await execute(engine: engine) { _ in }
        #expect(run["status"] == "completed" && engine.starts("vantage6-test-run-1-helper") == 1)
        #expect(refusals.withLock { $0 } < 1)
    }

    /// The store is asked with the node's token, and told at which server it can have that checked; the entry of the policy is about
    /// the address that the server has of it (4.15.2).
    @Test(arguments: [
        ("http://server", "http://store.example/api", "http://store.example/api/algorithm", "http://server/api"),
        ("http://server", "http://localhost:7602/api", "http://server:7602/api/algorithm", "http://server/api"),
        (
            "https://v6.example", "http://127.0.0.1:7602/api", "https://v6.example:7602/api/algorithm",
            "https://v6.example/api"
        ),
        (
            "http://localhost:7601", "http://localhost:7602/api", "http://localhost:7602/api/algorithm",
            "http://localhost:7601/api"
        ),
        (
            "http://host.docker.internal:7601", "http://localhost:7602/api",
            "http://host.docker.internal:7602/api/algorithm", "http://localhost:7601/api"
        ),
    ])
    func theStoreIsAskedAsTheOriginalDoes(server: String, store: String, asked: String, named: String) async throws {
        let stub = StoreServer(store: store)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let link = ServerLink(
            client: V6Client(address: try ServerAddress(server, apiPath: "/api"), transport: stub), apiKey: "key",
            logger: logger)
        let configuration = NodeConfiguration(
            name: "test", apiKey: "key", server: server, apiPath: "/api", privateKeyPath: "", parallelRuns: 1,
            dataFolder: "")
        let lookups = PolicyLookups(configuration: configuration, link: link, engine: nil, isPatient: false)
        let policy = Policy(
            configuration: PolicyConfiguration(stores: [try PolicyEntry(store)]), lookup: lookups.lookup)
        let decision = await policy.decide(.init(image: "a/b:1", user: 7, organization: 1, store: 1))
        #expect(decision.isAllowed, "\(decision)")
        let request = try #require(stub.requests.withLock { $0 }.last)
        #expect(request.url == asked + "?image=a/b:1")
        let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { $1 }
        #expect(headers["Authorization"] == "Bearer \(StubServer.token)")
        #expect(headers["Server-Url"] == named && headers["Client-Type"] == "node")
    }

    /// A server that knows one store, and that store.
    private final class StoreServer: HTTPTransport {
        let requests = Mutex<[HTTPRequest]>([])
        private let store: String

        init(store: String) { self.store = store }

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            requests.withLock { $0.append(request) }
            let answer: JSONValue =
                if request.url.hasSuffix("/token/node") {
                    ["access_token": .string(StubServer.token), "refresh_token": .string(StubServer.token)]
                } else if request.url.hasSuffix("/algorithmstore/1") {
                    ["url": .string(store)]
                } else {
                    ["data": [["id": 1]]]
                }
            return HTTPResponse(status: 200, headers: HTTPHeaders(), body: answer.data())
        }

        func stream(_ request: HTTPRequest) async throws -> HTTPStream {
            throw TransportError(code: .cannotConnect, message: "no streams here")
        }
    }
}
