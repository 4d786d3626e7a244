// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Sends the log of a running algorithm to the server in events of a sensible size, at most five a second.
///
/// The server stores what it is sent in this way, so there is a limit: an algorithm that floods its log is cut off, and its
/// full (bounded) log comes with the result.
actor LogShipper {
    /// Bytes sent for one run before the rest waits for the result.
    static let limit = 1 << 20
    /// Bytes of one event; the server refuses more than 1 MB.
    static let eventBytes = 64 << 10

    private let send: @Sendable (String) async -> Void
    private var pending = ""
    private var sent = 0
    private var flush: Task<Void, Never>?

    init(send: @escaping @Sendable (String) async -> Void) { self.send = send }

    /// Takes text; false once no more is wanted.
    func append(_ text: String) async -> Bool {
        guard sent < Self.limit else { return false }
        pending += text
        if pending.utf8.count >= Self.eventBytes {
            await ship()
        } else if flush == nil {
            flush = Task {
                try? await Task.sleep(for: .milliseconds(200))
                await self.ship()
            }
        }
        return sent < Self.limit
    }

    /// Sends what is left.
    func finish() async {
        flush?.cancel()
        await ship()
    }

    private func ship() async {
        flush = nil
        guard !pending.isEmpty else { return }
        var text = pending
        pending = ""
        sent += text.utf8.count
        if sent >= Self.limit { text += "\n[node] the log continues; the rest comes with the result\n" }
        await send(text)
    }
}
