// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program that runs beside the node, with whatever it starts itself: rootless Podman is two processes.
///
/// Foundation's `Process` finds out about an end by a descriptor that its child inherits; `ssh` closes what it inherits, and
/// then that waits for ever, for all children. So this is made of `posix_spawn` and one waiting thread.
struct ChildProcess: Sendable {
    let id: pid_t
    private let ends: AsyncStream<Int32>

    /// Starts a program; input and output are empty, messages go to a file.
    /// - Parameters:
    ///   - program: its path, or a name to be found in `PATH`.
    ///   - arguments: without the name of the program.
    ///   - messages: the file for what it says on standard error; it is replaced.
    /// - Throws: ``NodeError`` when it cannot be started.
    init(_ program: String, _ arguments: [String], messages: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, messages, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What is ignored or blocked here would be so there.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // A group of its own, which can be ended as a whole.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var number: pid_t = 0
        let variables = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        let failure = Self.withTexts([program] + arguments) { words in
            Self.withTexts(variables) { posix_spawnp(&number, program, &actions, &attributes, words, $0) }
        }
        guard failure == 0 else {
            throw NodeError(.software, "\(program) cannot be started: \(String(cString: strerror(failure)))")
        }
        let child = number
        id = child
        let (ends, exit) = AsyncStream.makeStream(of: Int32.self)
        self.ends = ends
        Thread.detachNewThread {
            // Its number is its group's as long as nobody has asked for its status.
            var end = siginfo_t()
            while waitid(P_PID, id_t(child), &end, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            kill(-child, SIGKILL)
            var status: Int32 = 0
            while waitpid(child, &status, 0) < 0, errno == EINTR {}
            // As a shell counts: the code, or 128 and the signal.
            exit.yield(status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F)
            exit.finish()
        }
    }

    /// Waits for the end, and gives the exit code; ends the program when the task is cancelled.
    func wait() async -> Int32 {
        await withTaskCancellationHandler {
            for await status in ends { return status }
            return -1
        } onCancel: {
            end()
        }
    }

    /// Ends it at once.
    func end() { kill(-id, SIGKILL) }

    private static func withTexts<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
