// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// HTTP over libcurl: HTTP/1.1 and HTTP/2, proxies, certificates and Unix sockets.
///
/// All transfers share one thread, which sleeps while nothing happens. Connections are kept for reuse. The thread ends
/// when the transport, its connections and its streams are let go of.
public final class CurlTransport: HTTPTransport {
    /// What holds for all requests of a transport.
    public struct Configuration: Sendable {
        /// A PEM file of certificate authorities to trust instead of the system's.
        public var caFile: String?
        /// The `User-Agent` header field.
        public var userAgent: String

        /// The defaults: the system's certificate authorities.
        public init(caFile: String? = nil, userAgent: String = "vantage6-swift") {
            self.caFile = caFile
            self.userAgent = userAgent
        }
    }

    private let configuration: Configuration
    private let loop = CurlLoop()

    /// Starts the thread of a transport.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        let transfer = CurlTransfer(request: request, configuration: configuration)
        let loop = self.loop
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                transfer.deliver(to: .whole(continuation))
                loop.post(.begin(transfer))
            }
        } onCancel: {
            loop.post(.cancel(transfer))
        }
    }

    public func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        try Task.checkCancellation()
        let transfer = CurlTransfer(request: request, configuration: configuration)
        let loop = self.loop
        let buffer = CurlBodyBuffer(
            onDrained: { loop.post(.unpause(transfer)) }, onAbandoned: { loop.post(.cancel(transfer)) })
        let head = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                transfer.deliver(to: .stream(continuation, buffer.core))
                loop.post(.begin(transfer))
            }
        } onCancel: {
            loop.post(.cancel(transfer))
        }
        return HTTPStream(
            status: head.status, headers: head.headers,
            body: AsyncThrowingStream(unfolding: { try await buffer.next() }))
    }

    public func connect(_ request: HTTPRequest) async throws -> RawConnection {
        try Task.checkCancellation()
        let socket = CurlSocket(request: request, configuration: configuration)
        let loop = self.loop
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { loop.post(.connect(socket, $0)) }
        } onCancel: {
            loop.post(.close(socket))
        }
        return RawConnection(socket: socket, loop: loop)
    }
}
