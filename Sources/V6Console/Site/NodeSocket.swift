// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The control API of a node on this machine (`docs/extensions.md`, "The control API").
struct NodeSocket: Sendable {
    let path: String
    let transport: any HTTPTransport

    /// One question.
    ///
    /// - Throws: ``Fault`` when the node does not answer, or refuses.
    func get(_ address: String) async throws -> JSONValue {
        try await send("GET", address)
    }

    /// One request; the node does it before it answers.
    @discardableResult
    func send(_ method: String, _ address: String) async throws -> JSONValue {
        let response: HTTPResponse
        do { response = try await transport.send(request(method, address, timeout: .seconds(60))) } catch {
            throw absent(error)
        }
        return try Self.answer(status: response.status, body: response.body)
    }

    /// The log of a run, piece by piece, until the algorithm ends.
    func log(of run: Int) async throws -> AsyncThrowingStream<Data, any Error> {
        let stream: HTTPStream
        do { stream = try await transport.stream(request("GET", "/runs/\(run)/log?follow=1", timeout: nil)) } catch {
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

    private func request(_ method: String, _ address: String, timeout: Duration?) -> HTTPRequest {
        HTTPRequest(method: method, url: "http://node" + address, timeout: timeout, unixSocket: path)
    }

    private func absent(_ error: any Error) -> any Error {
        guard let error = error as? TransportError else { return error }
        return Fault(
            kind: .unreachable,
            message: "No node answers at \(path) (\(error.message)). It may not run, or belong to another user.")
    }

    private static func answer(status: Int, body: Data) throws -> JSONValue {
        let answer: JSONValue
        do { answer = try JSONValue(parsing: body) } catch {
            throw Fault(kind: .other, message: "The node's answer cannot be read: \(error)")
        }
        guard status >= 300 else { return answer }
        let kind: Fault.Kind = status == 404 ? .missing : status < 500 ? .rejected : .other
        throw Fault(kind: kind, message: answer["msg"]?.stringValue ?? "The node refuses (status \(status)).")
    }
}
