// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// Podman's API where nobody serves it: `podman system service`, which needs no administrator and no daemon.
///
/// Containers do not belong to it, and go on when it ends.
struct PodmanService: Sendable {
    let location: EngineLocation
    private let socket: String

    /// The service that may be started here; nil where another engine is meant, or where Podman is not installed.
    init?(runtime: String, environment: [String: String]) {
        guard runtime == "podman" || runtime == "auto" && (environment["DOCKER_HOST"] ?? "").isEmpty else { return nil }
        // A Docker engine that is being restarted is still the one that has the containers.
        let docker = runtime == "auto" ? EngineLocation.candidates(runtime: "docker", environment: environment) : []
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        guard !docker.compactMap(\.socket).contains(where: FileManager.default.isWritableFile(atPath:)),
            folders.contains(where: { FileManager.default.isExecutableFile(atPath: "\($0)/podman") }),
            let location = EngineLocation.candidates(runtime: "podman", environment: environment).first,
            let socket = location.socket
        else { return nil }
        self.location = location
        self.socket = socket
    }

    private var messages: String { socket + ".log" }

    /// Starts it and waits until it answers.
    /// - Parameters:
    ///   - seconds: after how long without a call it ends; 0 for never.
    ///   - transport: what it is asked with.
    /// - Returns: the engine, and the process that has to be waited for.
    /// - Throws: ``EngineError`` that says why it does not.
    func start(endingAfter seconds: Int, transport: any HTTPTransport) async throws -> (DockerEngine, ChildProcess) {
        let files = FileManager.default
        let process: ChildProcess
        do {
            try files.createDirectory(
                atPath: URL(fileURLWithPath: socket).deletingLastPathComponent().path,
                withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            // Of a service that was killed.
            if files.fileExists(atPath: socket) { try files.removeItem(atPath: socket) }
            process = try ChildProcess(
                "podman", ["system", "service", "--time", String(seconds), "unix://\(socket)"], messages: messages)
        } catch {
            throw EngineError(status: nil, message: "Podman's API service cannot be started at \(socket): \(error)")
        }
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline, kill(process.id, 0) == 0 {
            if let engine = try? await DockerEngine.connect(to: [location], transport: transport) {
                return (engine, process)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        process.end()
        let text = String(decoding: files.contents(atPath: messages) ?? Data(), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).suffix(2).joined(separator: "; ")
        throw EngineError(
            status: nil,
            message: "Podman's API service does not answer at \(socket): \(lines.isEmpty ? "no message" : lines)")
    }

    /// Starts it again whenever it ends, until the task is cancelled; then it ends, too.
    func keep(_ process: ChildProcess, transport: any HTTPTransport, logger: Logger) async {
        var process = process
        while true {
            let status = await process.wait()
            guard !Task.isCancelled else { return }
            var backoff = Backoff(first: .milliseconds(200), limit: .seconds(30))
            logger.warning("Podman's API service ended with code \(status) and is started again")
            while !Task.isCancelled {
                do {
                    process = try await start(endingAfter: 0, transport: transport).1
                    break
                } catch {
                    guard !Task.isCancelled else { return }
                    logger.error("\(error)")
                    do { try await Task.sleep(for: backoff.next()) } catch { return }
                }
            }
        }
    }
}
