// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// An image as an algorithm store knows it.
struct ResolvedImage: Sendable {
    /// The image, pinned by its digest when the store has one.
    let image: String
    /// The store, as long as the digest is known.
    let storeID: Int64?
}

/// What the server asks algorithm stores, with the token of the caller.
struct AlgorithmStores: Sendable {
    /// A question that is ready to be sent.
    struct Lookup: Sendable {
        let storeID: Int64
        let url: String
        let image: String
        let serverURL: String
        let authorization: String
    }

    let transport: any HTTPTransport
    /// `server_url` with the API path; nil when it is not configured.
    let serverURL: String?
    /// Where tokens may go.
    var trust = StoreTrust()
    /// What stands for this machine in the addresses of stores that do not answer as they are; `dev.host_uri`.
    var hostURI: String?

    /// Whether a URL leads to this machine, whatever machine that is.
    static func isLocal(_ url: String) -> Bool { url.contains("localhost") || url.contains("127.0.0.1") }

    private static let unreachable = Failure.notFound(
        "Algorithm store cannot be reached. Make sure that it is online and that you have included the API path "
            + "(default /api) at the end of the algorithm store URL")

    private static let local = Failure.invalid(
        "You are trying to connect to a localhost algorithm store, but this refers to the container itself. Please "
            + "set the configuration option 'host_uri' in the 'dev' section  of the config file to the host's IP "
            + "address.")

    /// Prepares the question for the image of a task.
    ///
    /// - Throws: ``Failure`` 400 when there is no such store, 403 when it belongs to another collaboration.
    func lookup(
        _ id: Int64, image: String, collaboration: Int64, serverURL: String?, _ call: Call
    ) throws -> Lookup {
        guard let store = try AlgorithmStoreRecord.find(id, call.session) else {
            throw Failure.invalid("Algorithm store id=\(id) not found!")
        }
        if let owner = store.collaborationID, owner != collaboration {
            throw Failure.forbidden(
                "The algorithm store is not part of the collaboration to which the task is posted.")
        }
        return Lookup(
            storeID: id, url: store.url ?? "", image: image, serverURL: serverURL ?? self.serverURL ?? "",
            authorization: call.request.authorization ?? "")
    }

    /// Asks the store for the image.
    ///
    /// - Throws: ``Failure`` 400 when the store does not know it or cannot be asked.
    func resolve(_ lookup: Lookup) async throws -> ResolvedImage {
        let response: HTTPResponse
        do {
            response = try await send(
                "GET", "\(lookup.url)/algorithm?image=\(Query.encoded(lookup.image))", lookup.serverURL,
                lookup.authorization)
        } catch let error as TransportError {
            throw Failure.invalid("The algorithm store cannot be reached: \(error)")
        }
        let answer = try Self.json(response)
        guard response.status == 200 else {
            throw Failure.invalid(answer["msg"]?.stringValue ?? "The algorithm store refused (\(response.status)).")
        }
        guard let algorithm = answer["data"]?[0], let image = algorithm["image"]?.stringValue else {
            throw Failure.invalid("Algorithm not found in store!")
        }
        guard let digest = algorithm["digest"]?.stringValue else { return ResolvedImage(image: image, storeID: nil) }
        return ResolvedImage(image: "\(image)@\(digest)", storeID: lookup.storeID)
    }

    /// Registers this server at a store.
    ///
    /// - Throws: ``Failure`` with the store's own refusal.
    func register(at url: String, serverURL: String, isForced: Bool, authorization: String) async throws {
        var body: JSONObject = ["url": .string(serverURL)]
        if isForced { body["force"] = true }
        let response = try await reach(url, "POST", "/vantage6-server", serverURL, authorization, .object(body))
        if [200, 201, 208].contains(response.status) { return }
        if Self.isLocal(url) { throw Self.local }
        if response.status == 403 {
            let policy = try await reach(url, "GET", "//policy/public", serverURL, authorization)
            if policy.status == 200, try Self.json(policy)["algorithm_view"]?.stringValue == "public" { return }
        }
        throw try Self.refusal(response)
    }

    /// Ends the registration of this server at a store; one that does not let us look has nothing to end.
    func unregister(from url: String, serverURL: String, authorization: String) async throws {
        let response = try await reach(url, "GET", "/vantage6-server", serverURL, authorization)
        if response.status == 403 { return }
        guard (200..<300).contains(response.status) else { throw try Self.refusal(response) }
        let answer = try Self.json(response)
        for item in answer["data"]?.arrayValue ?? answer.arrayValue ?? [] {
            guard let id = item["id"]?.intValue else { continue }
            let ended = try await reach(url, "DELETE", "/vantage6-server/\(id)", serverURL, authorization)
            guard (200..<300).contains(ended.status) else { throw try Self.refusal(ended) }
        }
    }

    private func reach(
        _ url: String, _ method: String, _ path: String, _ serverURL: String, _ authorization: String,
        _ body: JSONValue? = nil
    ) async throws -> HTTPResponse {
        var response: HTTPResponse?
        do { response = try await send(method, url + path, serverURL, authorization, body) } catch is TransportError {
            // Another address may answer, below.
        }
        if let hostURI, Self.isLocal(url), !(200..<300).contains(response?.status ?? 0) {
            let other = url.replacing("http://localhost", with: hostURI).replacing("http://127.0.0.1", with: hostURI)
            do {
                response = try await send(method, other + path, serverURL, authorization, body)
            } catch is TransportError {
                throw Self.unreachable
            }
        }
        guard let response else { throw Self.isLocal(url) ? Self.local : Self.unreachable }
        return response
    }

    private func send(
        _ method: String, _ url: String, _ serverURL: String, _ authorization: String, _ body: JSONValue? = nil
    ) async throws -> HTTPResponse {
        if hostURI.map({ !url.hasPrefix($0) }) ?? true { try trust.require(url) }
        var headers = [("server_url", serverURL), ("Authorization", authorization)]
        if body != nil { headers.append(("Content-Type", "application/json")) }
        return try await transport.send(
            HTTPRequest(method: method, url: url, headers: headers, body: body?.data(), timeout: .seconds(20)))
    }

    private static func json(_ response: HTTPResponse) throws -> JSONValue {
        do { return try JSONValue(parsing: response.body) } catch {
            throw Failure.invalid("The algorithm store did not answer with JSON (HTTP status \(response.status)).")
        }
    }

    private static func refusal(_ response: HTTPResponse) throws -> Failure {
        let reason = (try? json(response))?["msg"]?.stringValue ?? "no reason given"
        return Failure.other(
            response.status, "Algorithm store error: \(reason), HTTP status: \(response.status)")
    }
}
