// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// Asks a running node on this machine, over its Unix socket (`docs/extensions.md`, "The control API").
public struct NodeControl: Sendable {
    /// The path of the node's socket.
    public let socket: String
    private let transport: any HTTPTransport

    /// The node behind a socket.
    public init(socket: String, transport: any HTTPTransport) {
        self.socket = socket
        self.transport = transport
    }

    /// One question.
    /// - Throws: ``NodeControlError`` when the node does not answer, or refuses; `CancellationError`.
    public func get(_ path: String) async throws -> JSONValue { try await send("GET", path) }

    /// One request; the node does it before it answers.
    /// - Throws: as ``get(_:)``.
    @discardableResult
    public func send(_ method: String, _ path: String) async throws -> JSONValue {
        let response: HTTPResponse
        do {
            response = try await transport.send(request(method, path, timeout: .seconds(60)))
        } catch let error as TransportError {
            throw absent(error)
        }
        return try Self.answer(status: response.status, body: response.body)
    }

    /// A text that comes piece by piece, such as the log of a run.
    /// - Throws: as ``get(_:)``.
    public func text(_ path: String) async throws -> AsyncThrowingStream<Data, any Error> {
        let stream: HTTPStream
        do {
            stream = try await transport.stream(request("GET", path, timeout: nil))
        } catch let error as TransportError {
            throw absent(error)
        }
        guard stream.status < 300 else {
            var body = Data()
            for try await piece in stream.body { body.append(piece) }
            _ = try Self.answer(status: stream.status, body: body)
            return AsyncThrowingStream { $0.finish() }
        }
        return stream.body
    }

    private func request(_ method: String, _ path: String, timeout: Duration?) -> HTTPRequest {
        HTTPRequest(method: method, url: "http://node" + path, timeout: timeout, unixSocket: socket)
    }

    private func absent(_ error: TransportError) -> NodeControlError {
        NodeControlError(
            kind: .absent,
            message: """
                no node answers at \(socket) (\(error.message)). It may not run ("v6-node start" starts it), or belong to \
                another user
                """)
    }

    private static func answer(status: Int, body: Data) throws(NodeControlError) -> JSONValue {
        let answer: JSONValue
        do { answer = try JSONValue(parsing: body) } catch {
            throw NodeControlError(
                kind: .unreadable, message: "the node's answer (status \(status)) cannot be read: \(error)")
        }
        guard status >= 300 else { return answer }
        throw NodeControlError(
            kind: .refused(status: status),
            message: "the node refuses: \(answer["msg"]?.stringValue ?? "status \(status)")")
    }
}

/// Why a node on this machine gave no answer.
public struct NodeControlError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public enum Kind: Sendable, Hashable {
        /// Nobody listens there, or not to this user.
        case absent
        case refused(status: Int)
        case unreadable
    }

    /// The kind of failure.
    public let kind: Kind
    /// What happened, for a person.
    public let message: String

    public var description: String { message }
}
