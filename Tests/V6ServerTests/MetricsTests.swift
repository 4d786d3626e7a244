// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// `GET /metrics`.
struct MetricsTests {
    @Test func thereAreNoFiguresUnlessTheyAreAskedFor() async throws {
        try await TestServer.run { server in
            let hidden = try await server.send("GET", "/metrics")
            #expect(hidden.status == 404)
        }
    }

    @Test(arguments: TestServer.Engine.allCases)
    func requestsNodesAndRunsAreCounted(engine: TestServer.Engine) async throws {
        try await TestServer.run(on: engine) {
            $0.metrics.isEnabled = true
        } body: { server in
            let network = try await TestNetwork(server)
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            for _ in 0..<3 { _ = try await network.task(researcher, for: [network.alpha, network.beta]) }
            _ = try await server.send("GET", "/task/1", token: researcher)
            _ = try await server.send("GET", "/task/2", token: researcher)
            _ = try await server.send("GET", "/nothing/of/the/kind")
            _ = try await server.send("POST", "/token/user", body: ["username": "nobody", "password": "x"])
            let answer = try await server.send("GET", "/metrics")
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = Set(answer.text.split(separator: "\n").map(String.init))
            for line in [
                #"v6_http_requests_total{method="POST",route="/task",status="201"} 3"#,
                #"v6_http_requests_total{method="GET",route="/task/{id}",status="200"} 2"#,
                #"v6_http_requests_total{method="GET",route="-",status="404"} 1"#,
                #"v6_http_request_duration_seconds_count{route="/task/{id}"} 2"#,
                #"v6_http_request_duration_seconds_bucket{route="/task",le="+Inf"} 3"#,
                #"v6_logins_total{kind="user",outcome="refused"} 1"#,
                #"v6_nodes{status="offline"} 3"#, #"v6_open_runs{status="pending"} 6"#, "v6_database_up 1",
                "v6_hashes_total 1", "# TYPE v6_http_request_duration_seconds histogram",
            ] {
                #expect(lines.contains(line), "\(line)\n\(answer.text)")
            }
            for line in lines where !line.hasPrefix("#") {
                #expect(line.wholeMatch(of: /[a-z0-9_]+(\{[^{}]*(\{id\})?[^{}]*\})? [0-9.e+-]+/) != nil, "\(line)")
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func whatNodesTellOfTheirMachinesIsShownWhileTheyAreHere() async throws {
        try await TestServer.run {
            $0.metrics.isEnabled = true
        } body: { server in
            let network = try await TestNetwork(server)
            let (id, token) = (network.alphaNode, network.nodeToken(network.alphaNode))
            let node = SocketIOClient(root: server.address.root, transport: server.transport, token: { token })
            var signals: AsyncStream<RealtimeSignal>.Iterator? = node.signals().makeAsyncIterator()
            while let signal = await signals?.next() {
                if case .connected = signal { break }
            }
            try await node.emit(
                "node_metrics_update",
                [
                    "cpu_percent": 12.5, "num_algorithm_containers": 0, "memory_total": 25_276_510_208, "os": "posix",
                    "platform": "li\"nux", "gpu_count": 2, "gpu_load": [1, 0.5], "cpu_count": "many", "unknown": 7,
                    "memory_percent": .number(.infinity),
                ])
            func lines(until isEnough: (Set<String>) -> Bool) async throws -> Set<String> {
                while true {
                    let text = try await server.send("GET", "/metrics").text
                    let lines = Set(text.split(separator: "\n").map(String.init))
                    if isEnough(lines) { return lines }
                }
            }
            let labels = "node_id=\"\(id)\",os=\"posix\",platform=\"li\\\"nux\"}"
            let seen = try await lines { $0.contains("cpu_percent{\(labels) 12.5") }
            for line in [
                "# TYPE cpu_percent gauge", "num_algorithm_containers{\(labels) 0",
                "memory_total{\(labels) 25276510208",
                "gpu_count{\(labels) 2", "gpu_load{gpu_id=\"0\",\(labels) 1", "gpu_load{gpu_id=\"1\",\(labels) 0.5",
            ] {
                #expect(seen.contains(line), "\(line)\n\(seen.sorted().joined(separator: "\n"))")
            }
            for name in ["cpu_count", "unknown", "memory_percent"] {
                #expect(!seen.contains { $0.hasPrefix(name + "{") }, "\(name)")
            }
            signals = nil
            let sids = try await server.store.read {
                try $0.rows("SELECT sid FROM v6_connection").compactMap { $0.text(0) }
            }
            for sid in sids { server.hub.cut(sid, .lost) }
            let after = try await lines { !$0.contains { $0.hasPrefix("cpu_percent{") } }
            #expect(after.contains("v6_database_up 1"))
        }
    }

    @Test func theyCanBeKeptToHoldersOfAToken() async throws {
        try await TestServer.run {
            $0.metrics.isEnabled = true
            $0.metrics.token = "a token for Prometheus"
        } body: { server in
            let withoutToken = try await server.send("GET", "/metrics")
            #expect(withoutToken.status == 401)
            let wrongToken = try await server.send("GET", "/metrics", token: "a token for")
            #expect(wrongToken.status == 401)
            let rightToken = try await server.send("GET", "/metrics", token: "a token for Prometheus")
            #expect(rightToken.status == 200)
        }
    }

    @Test func bucketsAddUp() {
        var histogram = Metrics.Histogram()
        for seconds in [0.0005, 0.001, 0.002, 3, 100] { histogram.add(seconds) }
        #expect(histogram.counts == [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
        #expect(histogram.total == 5)
        #expect(histogram.sum > 103 && histogram.sum < 103.01)
    }

    @Test func labelsAreEscaped() {
        var document = Exposition()
        document.add("x", [("a", "1\"2\\3\n4")], 0.5)
        #expect(document.text == "x{a=\"1\\\"2\\\\3\\n4\"} 0.5\n")
    }
}
