// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What a central method uses to reach the other organizations: calls to the proxy of its node.
///
/// The calls are those of the Python `AlgorithmClient`, so a stock node's proxy answers them as well. Reading calls that
/// fail for want of a connection or with a server fault are tried again for some minutes, because the server may be
/// restarting while a long computation runs.
public struct AlgorithmClient: Sendable {
    /// Who this run is.
    public let identity: AlgorithmIdentity
    let log: AlgorithmLog

    private let address: String
    private let transport: any HTTPTransport
    let pause: @Sendable (Duration) async throws -> Void

    /// How long failing calls are repeated, counted in pauses between them.
    static let patience = Duration.seconds(300)

    /// A client for the proxy at an address, which waits by `pause` before it looks again.
    public init(
        identity: AlgorithmIdentity, address: String, transport: any HTTPTransport, log: AlgorithmLog,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.identity = identity
        self.address = address
        self.transport = transport
        self.log = log
        self.pause = pause
    }

    /// The organizations of the study of this task, or else of its collaboration, by id.
    /// - Throws: ``AlgorithmError`` when the proxy does not answer.
    public func organizations() async throws -> [Int] {
        let scope = identity.studyID.map { ("study_id", $0) } ?? ("collaboration_id", identity.collaborationID)
        return try await pages("organization", [scope]).compactMap { $0["id"]?.intValue }.sorted()
    }

    /// All objects of a list, over its pages.
    func pages(_ path: String, _ query: [(String, Int)]) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var page = 1
        while true {
            let answer = try await get(path, query + [("page", page)])
            guard let data = answer["data"]?.arrayValue else {
                throw AlgorithmError("the node's proxy answered GET \(path) without a list; is it of version 4?")
            }
            items += data
            guard let next = answer["links"]?["next"], !next.isNull else { return items }
            page += 1
        }
    }

    /// The JSON answer to a reading call.
    func get(_ path: String, _ query: [(String, Int)] = []) async throws -> JSONValue {
        try json(await send("GET", path, query), "GET \(path)")
    }

    /// The bytes of a stored input or result.
    func blob(_ id: String) async throws -> Data { try await send("GET", "blobstream/\(id)").body }

    /// The JSON answer to a call that creates something, and therefore is not repeated once it was sent.
    func post(
        _ path: String, _ body: Data, contentType: String = "application/json",
        headers: [(name: String, value: String)] = []
    ) async throws -> JSONValue {
        let all = [(name: "Content-Type", value: contentType)] + headers
        return try json(await send("POST", path, body: body, headers: all), "POST \(path)")
    }

    private func json(_ response: HTTPResponse, _ call: String) throws -> JSONValue {
        do {
            return try JSONValue(parsing: response.body)
        } catch {
            throw AlgorithmError("the node's proxy answered \(call) with something that is \(error)")
        }
    }

    private func send(
        _ method: String, _ path: String, _ query: [(String, Int)] = [], body: Data? = nil,
        headers: [(name: String, value: String)] = []
    ) async throws -> HTTPResponse {
        let parameters = query.map { "\($0)=\($1)" }.joined(separator: "&")
        let request = HTTPRequest(
            method: method,
            url: "\(address)/\(path)" + (parameters.isEmpty ? "" : "?\(parameters)"),
            headers: [(name: "Authorization", value: "Bearer \(identity.token)")] + headers,
            body: body
        )
        var backOff = PollingPauses(first: .milliseconds(500), longest: .seconds(10))
        while true {
            switch try await attempt(request) {
            case .success(let response): return response
            case .failure(let fault):
                guard fault.canRepeat, backOff.total < Self.patience else {
                    throw AlgorithmError("\(method) \(path) failed: \(fault.reason)")
                }
                if backOff.total == .zero { log.warning("\(method) \(path) failed (\(fault.reason)); trying again") }
                try await pause(backOff.next())
            }
        }
    }

    /// Why a call failed, and whether it may be sent again without doing its work twice.
    private struct Fault: Error {
        let reason: String
        let canRepeat: Bool
    }

    private func attempt(_ request: HTTPRequest) async throws -> Result<HTTPResponse, Fault> {
        let reads = request.method == "GET"
        do {
            let response = try await transport.send(request)
            if (200..<300).contains(response.status) { return .success(response) }
            return .failure(Fault(reason: Self.reason(response), canRepeat: reads && response.status >= 500))
        } catch let error as TransportError {
            let unsent = [.cannotConnect, .cannotResolve].contains(error.code)
            return .failure(Fault(reason: error.message, canRepeat: reads || unsent))
        }
    }

    private static func reason(_ response: HTTPResponse) -> String {
        let answer = try? JSONValue(parsing: response.body)
        let message = answer?["msg"]?.stringValue ?? answer?["message"]?.stringValue
        return "HTTP \(response.status)" + (message.map { ": \($0)" } ?? "")
    }
}
