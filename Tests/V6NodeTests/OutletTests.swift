// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

/// Connections through a node's outlet to a real server on loopback.
struct OutletTests {
    /// Serves an outlet while `body` runs.
    private func withOutlet(
        _ target: Outlet.Target, allowList: AllowList? = nil, _ body: (String) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let socket = folder.appendingPathComponent("s").path
            let connector = OutletConnector(
                extraHosts: ["inner.example": "127.0.0.1"], allowList: allowList, engine: StubEngine(),
                tunnelSocket: { "/nowhere/\($0)" })
            let server = try await OutletServer.start(target, socket: socket, connector: connector, onRefusal: { _ in })
            do { try await body(socket) } catch {
                await server.stop()
                throw error
            }
            await server.stop()
        }
    }

    private func port(of server: FixtureServer) throws -> Int {
        try #require(URLComponents(string: server.root)?.port)
    }

    @Test func aFixedTargetIsReachedByItsName() async throws {
        let text = String(repeating: "rows ", count: 400_000)
        @Sendable func answer(_ request: FixtureServer.Request) -> FixtureServer.Answer {
            .json(.string(request.path + text))
        }
        try await FixtureServer.run(answer: answer) { server in
            let target = Outlet.Target.tcp(host: "inner.example", port: try port(of: server))
            try await withOutlet(target) { socket in
                for path in ["/a", "/b"] {
                    let answer = try await CurlTransport().send(
                        HTTPRequest(url: "http://inner.example\(path)", timeout: .seconds(20), unixSocket: socket))
                    #expect(try JSONValue(parsing: answer.body) == .string(path + text))
                }
            }
        }
    }

    @Test func aTargetThatIsNotThereEndsTheConnection() async throws {
        for target in [Outlet.Target.tcp(host: "127.0.0.1", port: 1), .tunnel("x"), .container("x", port: 1)] {
            try await withOutlet(target) { socket in
                await #expect(throws: TransportError.self) {
                    try await CurlTransport().send(
                        HTTPRequest(url: "http://x/", timeout: .seconds(20), unixSocket: socket))
                }
            }
        }
    }

    @Test func theWayOutLeadsWhereTheListPermits() async throws {
        @Sendable func answer(_ request: FixtureServer.Request) -> FixtureServer.Answer {
            .json(.string(request.target))
        }
        try await FixtureServer.run(answer: answer) { server in
            let port = try port(of: server)
            let list = AllowList(
                domains: ["inner.example"], addresses: [AddressRange("127.0.0.1")].compactMap(\.self), ports: [port])
            try await withOutlet(.allowList, allowList: list) { socket in
                let plain = try await Conversation.with(
                    socket, "GET http://inner.example:\(port)/a?b HTTP/1.1\r\nHost: other\r\n\r\n")
                #expect(plain.contains("200 OK"))
                #expect(plain.contains("/a?b"))
                let tunnel = try await Conversation.with(
                    socket,
                    "CONNECT 127.0.0.1:\(port) HTTP/1.1\r\n\r\nGET /through HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
                )
                #expect(tunnel.hasPrefix("HTTP/1.1 200 Connection established\r\n\r\n"))
                #expect(tunnel.contains("/through"))
            }
        }
    }

    @Test(arguments: [
        ("CONNECT 127.0.0.1:22 HTTP/1.1\r\n\r\n", "403", "port 22"),
        ("CONNECT 127.0.0.1:443 HTTP/1.1\r\n\r\n", "403", "not in whitelist.ips"),
        ("CONNECT other.example:443 HTTP/1.1\r\n\r\n", "403", "not in whitelist.domains"),
        ("CONNECT inner.example:443 HTTP/1.1\r\n\r\n", "403", "private address"),
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "400", "no request to a proxy"),
    ])
    func theWayOutSaysWhyNot(request: String, status: String, reason: String) async throws {
        let list = AllowList(domains: ["inner.example"], addresses: [], ports: [443])
        try await withOutlet(.allowList, allowList: list) { socket in
            let answer = try await Conversation.with(socket, request)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.contains(reason))
        }
    }

    /// A run that asks for no database finds the door of none; what is open to everybody is there.
    @Test func aRunFindsOnlyItsOwnDoors() async throws {
        try await withTemporaryDirectory { folder in
            var configuration = NodeConfiguration(
                name: "t", apiKey: "", server: "", apiPath: "",
                databases: [
                    .init(
                        label: "pg", uri: "postgresql://h/x", type: "sql", kind: .connection, isMountedReadOnly: false,
                        parameters: [:])
                ], privateKeyPath: "", parallelRuns: 1, dataFolder: folder.path)
            configuration.allowList = AllowList(domains: [], addresses: [], ports: [])
            let board = OutletBoard(configuration: configuration, engine: StubEngine(), logger: Logger(label: "t"))
            func doors(_ labels: [String]) async throws -> Set<String> {
                let servers = try await board.open(labels: labels, folder: folder.path, logger: Logger(label: "t"))
                let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                for server in servers { await server.stop() }
                return Set(names)
            }
            let sockets = board.plan.outlets.map(\.socket)
            let without = try await doors([])
            #expect(without == [sockets[1]])
            let with = try await doors(["pg"])
            #expect(with == Set(sockets))
        }
    }
}
