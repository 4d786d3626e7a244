// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Asks a running node on this machine.
struct ControlClient: Sendable {
    let configuration: NodeConfiguration
    let transport: any HTTPTransport

    /// One question.
    /// - Throws: ``NodeError`` when the node does not run, or another user runs it, or it refuses.
    func get(_ path: String) async throws -> JSONValue {
        let response: HTTPResponse
        do {
            response = try await transport.send(request(path, timeout: .seconds(60)))
        } catch let error as TransportError {
            throw absent(error)
        }
        let answer = (try? JSONValue(parsing: response.body)) ?? .null
        guard response.status < 300 else { throw Self.refusal(response.status, answer) }
        return answer
    }

    /// A text that comes piece by piece.
    /// - Throws: as ``get(_:)``.
    func text(_ path: String) async throws -> AsyncThrowingStream<Data, any Error> {
        let stream: HTTPStream
        do {
            stream = try await transport.stream(request(path, timeout: nil))
        } catch let error as TransportError {
            throw absent(error)
        }
        guard stream.status < 300 else {
            var body = Data()
            for try await piece in stream.body { body.append(piece) }
            throw Self.refusal(stream.status, (try? JSONValue(parsing: body)) ?? .null)
        }
        return stream.body
    }

    private func request(_ path: String, timeout: Duration?) -> HTTPRequest {
        HTTPRequest(url: "http://node" + path, timeout: timeout, unixSocket: configuration.controlSocket)
    }

    private func absent(_ error: TransportError) -> NodeError {
        NodeError(
            .unavailable,
            """
            the node "\(configuration.name)" does not answer at \(configuration.controlSocket) (\(error.message)). Start it with \
            "v6-node start", or run this command as the user who did.
            """)
    }

    private static func refusal(_ status: Int, _ answer: JSONValue) -> NodeError {
        NodeError(.unavailable, "the node refuses: \(answer["msg"]?.stringValue ?? "status \(status)")")
    }
}

extension NodeConfiguration {
    /// Where a running node listens to its operator.
    var controlSocket: String { "\(dataFolder)/control.sock" }
}
