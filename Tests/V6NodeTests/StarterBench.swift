// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6TestSupport

@testable import V6Node

/// A starter with a status file of its own.
struct StarterBench {
    let status: URL
    let folder: URL

    init(_ folder: URL) throws {
        self.folder = folder
        status = folder.appendingPathComponent("status")
        if !FileManager.default.fileExists(atPath: status.path) { try Data().write(to: status) }
    }

    var life: RunLife { RunLife(path: status.path) }

    /// Starts a process; not by Foundation, whose processes count as running while any other child holds their channel.
    func start(_ command: String..., fileBytes: Int = 0, seconds: Int = 0) throws -> pid_t {
        let words = [try #require(LocalEngine.relay), "start", status.path, String(fileBytes), String(seconds)]
        var arguments = (words + command).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        let path = strdup("PATH=/usr/bin:/bin")
        defer { free(path) }
        var environment = [path, nil]
        var process = pid_t()
        try #require(posix_spawn(&process, words[0], nil, nil, &arguments, &environment) == 0)
        return process
    }

    /// Waits for the end of a process; its exit code, or 128 + the signal.
    func end(of process: pid_t) async throws -> Int32 {
        var ending: Int32 = 0
        while waitpid(process, &ending, WNOHANG) == 0 { try await Task.sleep(for: .milliseconds(2)) }
        return ending & 0x7F == 0 ? ending >> 8 & 0xFF : 128 + ending & 0x7F
    }

    func run(_ script: String, fileBytes: Int = 0) async throws -> Int32 {
        try await end(of: start("/bin/sh", "-c", "cd \(folder.path); \(script)", fileBytes: fileBytes))
    }
}
