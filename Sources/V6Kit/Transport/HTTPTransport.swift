// SPDX-License-Identifier: Apache-2.0

/// Carries HTTP requests to a server and brings back its answers, whatever their status.
public protocol HTTPTransport: Sendable {
    /// Sends a request and collects the whole response.
    /// - Throws: ``TransportError`` when there is no response, `CancellationError` when the task is cancelled.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse

    /// Sends a request and returns once the header fields are there; the body follows in pieces.
    /// - Throws: ``TransportError`` when there is no response, `CancellationError` when the task is cancelled.
    func stream(_ request: HTTPRequest) async throws -> HTTPStream

    /// Opens a connection to the host of a request, over proxies and TLS, for a protocol of its own.
    /// - Throws: ``TransportError``, also when this transport has none to give.
    func connect(_ request: HTTPRequest) async throws -> RawConnection
}

extension HTTPTransport {
    public func connect(_ request: HTTPRequest) async throws -> RawConnection {
        throw TransportError(code: .cannotConnect, message: "this transport gives no connections of its own")
    }
}
