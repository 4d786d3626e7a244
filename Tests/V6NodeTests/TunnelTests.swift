// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

/// Tunnels by the real `ssh` to a real `sshd` on loopback.
@Suite(.enabled(if: SecureShellServer.isThere, "sshd is not installed: apt-get install openssh-server openssh-client"))
struct TunnelTests {
    private let logger: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }()

    @Sendable private static func echo(_ request: FixtureServer.Request) -> FixtureServer.Answer {
        .json(.string(request.path))
    }

    /// A keeper of one tunnel to a port of this machine, while `body` runs.
    private func withTunnel(
        to port: Int, hostKey: ((String) -> String)? = nil,
        _ body: @escaping @Sendable (TunnelKeeper, String) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let server = try await SecureShellServer.start(in: folder.path)
            defer { server.stop() }
            let configuration = TunnelConfiguration(
                name: "far", host: "127.0.0.1", port: server.port, hostKey: hostKey?(server.hostKey) ?? server.hostKey,
                user: NSUserName(), keyFile: server.clientKey, bindPort: 8888, destinationHost: "127.0.0.1",
                destinationPort: port)
            let near = "\(folder.path)/t"
            let keeper = TunnelKeeper([configuration], folder: near, logger: logger)
            let running = Task { await keeper.run() }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(keeper, SSHTunnel.socket("far", folder: near))) } catch {
                outcome = .failure(error)
            }
            running.cancel()
            await running.value
            try outcome.get()
        }
    }

    private func state(
        of keeper: TunnelKeeper, _ condition: (TunnelKeeper.State) -> Bool
    ) async throws -> TunnelKeeper.State? {
        for _ in 0..<1500 {
            if let state = keeper.report["far"], condition(state) { return state }
            try await Task.sleep(for: .milliseconds(10))
        }
        return keeper.report["far"]
    }

    @Test func aTunnelCarriesAndComesBackWhenItDies() async throws {
        try await FixtureServer.run(answer: Self.echo) { server in
            let port = try #require(URLComponents(string: server.root)?.port)
            try await withTunnel(to: port) { keeper, socket in
                let request = HTTPRequest(url: "http://far/x", timeout: .seconds(20), unixSocket: socket)
                let first = try await state(of: keeper) { $0.isUp }
                try #require(first?.isUp == true, "\(first?.failure ?? "never began")")
                let answer = try await CurlTransport().send(request)
                #expect(answer.body == Data(#""/x""#.utf8))

                let file = socket.replacing(".sock", with: ".pid")
                let number = Int32(
                    String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self))
                kill(try #require(number), SIGKILL)
                let down = try await state(of: keeper) { !$0.isUp }
                #expect(down?.failure != nil)
                let second = try await state(of: keeper) { $0.isUp }
                try #require(second?.isUp == true, "\(second?.failure ?? "")")
                let again = try await CurlTransport().send(request)
                #expect(again.status == 200)
            }
        }
    }

    @Test func aServerWithAnotherKeyIsRefused() async throws {
        // The same kind of key with one letter changed.
        func other(_ key: String) -> String { key.dropLast() + (key.hasSuffix("A") ? "B" : "A") }
        try await withTunnel(to: 1, hostKey: other) { keeper, _ in
            let state = try await state(of: keeper) { $0.failure != nil }
            #expect(state?.isUp == false)
            #expect(state?.failure?.contains("key verification failed") == true, "\(state?.failure ?? "no failure")")
        }
    }

    @Test func nothingOfTheUsersOwnSettingsCounts() {
        let tunnel = SSHTunnel(
            configuration: .init(
                name: "far", host: "gate", port: 2222, hostKey: "ssh-ed25519 AAAA", user: "u", keyFile: "/k",
                bindPort: 1,
                destinationHost: "db", destinationPort: 5432), folder: "/f")
        let arguments = tunnel.arguments
        #expect(Array(arguments.suffix(2)) == ["--", "u@gate"])
        #expect(arguments.starts(with: ["-N", "-T", "-F", "/dev/null"]))
        for option in [
            "BatchMode=yes", "StrictHostKeyChecking=yes", "GlobalKnownHostsFile=/dev/null", "IdentitiesOnly=yes",
        ] {
            #expect(arguments.contains(option))
        }
        #expect(arguments.contains("/f/far.sock:db:5432"))
        #expect(tunnel.knownHostsText == "tunnel ssh-ed25519 AAAA\n")
    }
}
