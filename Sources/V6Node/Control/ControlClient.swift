// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Asks a running node on this machine.
struct ControlClient: Sendable {
    let configuration: NodeConfiguration
    let transport: any HTTPTransport

    /// One question.
    /// - Throws: ``NodeError`` when the node does not run, or another user runs it.
    func get(_ path: String) async throws -> JSONValue {
        let socket = configuration.controlSocket
        let response: HTTPResponse
        do {
            response = try await transport.send(
                HTTPRequest(url: "http://node" + path, timeout: .seconds(10), unixSocket: socket))
        } catch let error as TransportError {
            throw NodeError(
                .unavailable,
                """
                the node "\(configuration.name)" does not answer at \(socket) (\(error.message)). Start it with "v6-node start", \
                or run this command as the user who did.
                """)
        }
        let answer = (try? JSONValue(parsing: response.body)) ?? .null
        guard response.status < 300 else {
            throw NodeError(
                .unavailable, "the node refuses: \(answer["msg"]?.stringValue ?? "status \(response.status)")")
        }
        return answer
    }
}

extension NodeConfiguration {
    /// Where a running node listens to its operator.
    var controlSocket: String { "\(dataFolder)/control.sock" }
}
