// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import V6Node

/// An `sshd` on a free port of loopback that lets one new key in.
final class SecureShellServer: Sendable {
    private static let program = "/usr/sbin/sshd"

    let port: Int
    /// Type and base64 of the server's public key.
    let hostKey: String
    /// The file of the private key that is let in.
    let clientKey: String
    private let process: ChildProcess

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: program) }

    private init(port: Int, hostKey: String, clientKey: String, process: ChildProcess) {
        self.port = port
        self.hostKey = hostKey
        self.clientKey = clientKey
        self.process = process
    }

    static func start(in folder: String) async throws -> SecureShellServer {
        for name in ["host", "client"] {
            try await run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(folder)/\(name)"])
        }
        let port = try LoopbackPort.free()
        try Data(
            """
            ListenAddress 127.0.0.1:\(port)
            HostKey \(folder)/host
            AuthorizedKeysFile \(folder)/client.pub
            PidFile none
            StrictModes no
            PasswordAuthentication no
            PermitRootLogin yes

            """.utf8
        ).write(to: URL(fileURLWithPath: "\(folder)/sshd_config"))
        if getuid() == 0 {
            try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        let process = try ChildProcess(
            program, ["-D", "-e", "-f", "\(folder)/sshd_config"], messages: "\(folder)/sshd.log")
        try await listening("\(folder)/sshd.log")
        let text = try String(contentsOfFile: "\(folder)/host.pub", encoding: .utf8)
        return SecureShellServer(
            port: port, hostKey: text.split(separator: " ").prefix(2).joined(separator: " "),
            clientKey: "\(folder)/client", process: process)
    }

    func stop() { kill(process.id, SIGKILL) }

    /// Waits until the server says that it takes connections, at most fifteen seconds.
    private static func listening(_ log: String) async throws {
        var text = ""
        for _ in 0..<1500 {
            text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            if text.contains("Server listening on") { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("sshd does not listen: \(text)")
    }

    private static func run(_ path: String, _ arguments: [String]) async throws {
        let status = try await ChildProcess(path, arguments, messages: "/dev/null").wait()
        try #require(status == 0, "\(path) ended with \(status)")
    }
}
