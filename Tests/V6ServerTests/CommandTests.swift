// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// The commands an operator gives.
struct CommandTests {
    @Test func aForgottenPasswordIsReplacedWhileTheServerRuns() async throws {
        try await TestServer.run { server in
            guard case .sqlite(let path) = server.configuration.database else { return }
            let user = try await TestNetwork(server).user("ann", of: 1)
            let command = try ResetPasswordCommand.parse(["ann", "--database", "sqlite:///\(path)"])
            try await command.run()
            let old = try await server.send(
                "POST", "/token/user", body: ["username": "ann", "password": .string(TestNetwork.password)])
            #expect(old.status == 401)
            #expect(try await server.send("GET", "/rule", token: user.token).message == "Token has been revoked")
            let unknown = try ResetPasswordCommand.parse(["nobody", "--database", "sqlite:///\(path)"])
            await #expect(throws: ExitCode(1)) { try await unknown.run() }
        }
    }

    @Test func checkChangesNothing() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("new/server.sqlite").path
            let file = folder.appendingPathComponent("server.yaml")
            try Data("uri: sqlite:///\(path)\nport: 0\n".utf8).write(to: file)
            try await CheckCommand.parse(["--config", file.path]).run()
            #expect(!FileManager.default.fileExists(atPath: path))
            try Data("uri: nonsense\nport: x\n".utf8).write(to: file)
            await #expect(throws: ExitCode(78)) { try await CheckCommand.parse(["--config", file.path]).run() }
        }
    }

    @Test func withoutSettingsNothingStarts() {
        #expect(throws: (any Error).self) { try StartCommand.parse([]) }
        #expect(throws: (any Error).self) { try StartCommand.parse(["--database", "sqlite:///x", "--port", "70000"]) }
    }
}
