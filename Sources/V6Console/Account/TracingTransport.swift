// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Tells each request and its answer, for `V6_DEBUG=api`: addresses, states and sizes, never headers or bodies.
///
/// Passwords, tokens and results travel in headers and bodies, so neither is shown; the long polls of the live connection
/// are, since a proxy that cuts them is what people look for here.
struct TracingTransport: HTTPTransport {
    let base: any HTTPTransport
    let talk: TextSink
    let now: @Sendable () -> Timestamp

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let started = now()
        do {
            let response = try await base.send(request)
            tell(request, "\(response.status), \(response.body.count) bytes", since: started)
            return response
        } catch {
            tell(request, "\(error)", since: started)
            throw error
        }
    }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        let started = now()
        let stream = try await base.stream(request)
        tell(request, "\(stream.status), streaming", since: started)
        return stream
    }

    func connect(_ request: HTTPRequest) async throws -> RawConnection {
        let started = now()
        do {
            let connection = try await base.connect(request)
            tell(request, "connected", since: started)
            return connection
        } catch {
            tell(request, "\(error)", since: started)
            throw error
        }
    }

    private func tell(_ request: HTTPRequest, _ outcome: String, since started: Timestamp) {
        let milliseconds = Int((now().seconds(since: started) * 1000).rounded())
        let url = SafeText.line(request.url)
        // Standard error that is gone stops no request.
        try? talk.line("debug: \(request.method) \(url) → \(SafeText.line(outcome)), \(milliseconds) ms")
    }
}
