// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization
import V6Kit

extension FullScreen {
    /// Opens the full screen with what flags, environment and profile give; signs in on screen where they do not suffice.
    ///
    /// Blocks the calling thread, which becomes the terminal's; returns the exit code.
    ///
    /// - Throws: `ConsoleFailure` when there is no terminal, or what was given to sign in with does not work.
    static func launch(account: AccountOptions, nodeSocket: String? = nil, console: ScriptConsole) throws -> Int32 {
        let type = console.environment["TERM"]
        let advice = "Use a subcommand, such as v6-console task list; v6-console --help lists them."
        guard console.terminal.inputIsTerminal, console.terminal.outputIsTerminal else {
            let stream = console.terminal.inputIsTerminal ? "output" : "input"
            throw ConsoleFailure(
                .usage, "The full screen needs a terminal, and standard \(stream) is none.", advice: advice)
        }
        guard let type, type != "dumb" else {
            throw ConsoleFailure(
                .usage, "The full screen needs a terminal that can move its cursor (TERM is \(type ?? "not set")).",
                advice: advice)
        }
        let files = try ConfigurationFiles(reading: console.paths)
        let opener = try account.opener(in: console, files)
        if let nodeSocket {
            let node = NodeControl(socket: nodeSocket, transport: opener.transport)
            // A wrong path is told at the prompt, not on a screen.
            _ = try waitFor { () async throws -> JSONValue in
                do { return try await node.get("/status") } catch let error as NodeControlError {
                    throw ConsoleFailure(
                        .unreachable, Fault(describing: error).message,
                        advice: "The socket is control.sock in the node's data folder; v6-node start makes it.")
                }
            }
            let start = Start(node: node, isReadOnly: opener.settings.readOnly)
            return FullScreen(start, opener: opener, paths: console.paths, files).run()
        }
        let start = try waitFor { try await Start(opener: opener) }
        return FullScreen(start, opener: opener, paths: console.paths, files).run()
    }

    /// Waits for asynchronous work before there is a screen.
    private static func waitFor<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) throws -> T {
        let done = DispatchSemaphore(value: 0)
        let box = ResultBox<T>()
        Task.detached {
            do { box.put(.success(try await work())) } catch { box.put(.failure(error)) }
            done.signal()
        }
        done.wait()
        return try box.take()
    }
}

/// Carries one outcome from a task to the thread that waits for it.
private final class ResultBox<T: Sendable>: Sendable {
    private let outcome = Mutex<Result<T, any Error>?>(nil)

    func put(_ result: Result<T, any Error>) { outcome.withLock { $0 = result } }

    func take() throws -> T {
        guard let result = outcome.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }
}
