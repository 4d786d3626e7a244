// SPDX-License-Identifier: Apache-2.0

/// A connection for a protocol of its own, such as a WebSocket: TCP, proxies, TLS and certificates are done.
///
/// For one reader and one writer at a time. Letting go of it closes it.
public final class RawConnection: Sendable {
    private let socket: CurlSocket
    private let loop: CurlLoop

    init(socket: CurlSocket, loop: CurlLoop) {
        self.socket = socket
        self.loop = loop
    }

    deinit { close() }

    /// Hands bytes to the system, all of them.
    /// - Throws: ``TransportError`` when the connection broke.
    public func send(_ bytes: [UInt8]) async throws {
        try await withCheckedThrowingContinuation { loop.post(.send(socket, bytes, $0)) }
    }

    /// Waits for the next bytes; empty at the end of the connection.
    /// - Throws: ``TransportError`` when the connection broke, `CancellationError` when the task is cancelled.
    public func receive() async throws -> [UInt8] {
        let (socket, loop) = (socket, loop)
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { continuation in
                loop.post(.receive(socket, continuation))
                // When it was cancelled just before, what `onCancel` posted found nothing to abandon.
                if Task.isCancelled { loop.post(.abandonReceive(socket)) }
            }
        } onCancel: {
            loop.post(.abandonReceive(socket))
        }
    }

    /// Closes the connection; whoever waits on it is told.
    public func close() { loop.post(.close(socket)) }
}
