// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization
import V6Kit

/// Keeps the SSH tunnels up: an `ssh` that ends is started again, after pauses that grow.
final class TunnelKeeper: Sendable {
    /// How one tunnel does.
    struct State: Sendable, Hashable {
        var isUp = false
        /// Why it ended last.
        var failure: String?
    }

    private let tunnels: [SSHTunnel]
    private let program: String
    private let logger: Logger
    private let states = Mutex<[String: State]>([:])

    /// The tunnels of a node; `program` is found in `PATH` when it has no slash.
    init(_ configurations: [TunnelConfiguration], folder: String, program: String = "ssh", logger: Logger) {
        tunnels = configurations.map { SSHTunnel(configuration: $0, folder: folder) }
        self.program = program
        self.logger = logger
    }

    /// How each tunnel does, by name.
    var report: [String: State] { states.withLock { $0 } }

    /// Keeps the tunnels up until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            for tunnel in tunnels { group.addTask { await self.keep(tunnel) } }
        }
    }

    private func keep(_ tunnel: SSHTunnel) async {
        let name = tunnel.configuration.name
        var backoff = Backoff(first: .seconds(1), limit: .seconds(60))
        while !Task.isCancelled {
            let began = ContinuousClock.now
            let failure: String
            do { failure = try await serve(tunnel) } catch { failure = "\(error)" }
            states.withLock { $0[name] = State(isUp: false, failure: failure) }
            guard !Task.isCancelled else { return }
            if ContinuousClock.now - began > .seconds(60) { backoff = Backoff(first: .seconds(1), limit: .seconds(60)) }
            let pause = backoff.next()
            logger.warning("SSH tunnel \(name) ended, next attempt in \(pause.components.seconds) s: \(failure)")
            do { try await Task.sleep(for: pause) } catch { return }
        }
    }

    /// One life of `ssh`; gives what it said at its end.
    private func serve(_ tunnel: SSHTunnel) async throws -> String {
        let files = FileManager.default
        try files.createDirectory(
            atPath: tunnel.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try Data(tunnel.knownHostsText.utf8).write(to: URL(fileURLWithPath: tunnel.knownHosts))
        endPredecessor(tunnel)
        let process = try ChildProcess(program, tunnel.arguments, messages: tunnel.messages)
        try Data("\(process.id)".utf8).write(to: URL(fileURLWithPath: tunnel.processFile))
        let watcher = Task { await self.announce(tunnel) }
        defer { watcher.cancel() }
        let status = await process.wait()
        let text = String(decoding: files.contents(atPath: tunnel.messages) ?? Data(), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).suffix(2).joined(separator: "; ")
        return lines.isEmpty ? "ssh ended with code \(status)" : lines
    }

    /// Says when the near end is there.
    private func announce(_ tunnel: SSHTunnel) async {
        let name = tunnel.configuration.name
        while !Task.isCancelled {
            if FileManager.default.fileExists(atPath: tunnel.socket) {
                states.withLock { $0[name] = State(isUp: true, failure: nil) }
                logger.notice("SSH tunnel \(name) is up")
                return
            }
            do { try await Task.sleep(for: .milliseconds(200)) } catch { return }
        }
    }

    /// Ends the `ssh` of a node that was killed: it would go on for ever.
    private func endPredecessor(_ tunnel: SSHTunnel) {
        let files = FileManager.default
        defer {
            for path in [tunnel.processFile, tunnel.socket] where files.fileExists(atPath: path) {
                do { try files.removeItem(atPath: path) } catch { logger.warning("\(path) stays: \(error)") }
            }
        }
        guard let data = files.contents(atPath: tunnel.processFile),
            let number = Int32(String(decoding: data, as: UTF8.self)),
            // The number may be somebody else's by now.
            let command = files.contents(atPath: "/proc/\(number)/cmdline"),
            String(decoding: command, as: UTF8.self).contains(tunnel.socket)
        else { return }
        kill(number, SIGKILL)
    }
}
