// SPDX-License-Identifier: Apache-2.0

/// What a transport, its connections and its streams hold of their thread: it ends when the last of them is let go of.
final class CurlLoop: Sendable {
    private let thread = CurlThread()

    init() { thread.start() }

    deinit { thread.post(.stop) }

    /// Lets the thread do something.
    func post(_ command: CurlThread.Command) { thread.post(command) }
}
