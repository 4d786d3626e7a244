// SPDX-License-Identifier: Apache-2.0

extension V6Client {
    /// The algorithm stores of the user's collaborations.
    public var algorithmStores: Resource<AlgorithmStore> { Resource(client: self, path: "/algorithmstore") }

    /// The approved algorithms of a store, which is asked itself, with this user's token.
    ///
    /// The store checks the token at the server that the header `server_url` names (4.15).
    /// - Throws: ``APIError`` that names the store.
    public func algorithms(in store: AlgorithmStore) async throws -> [StoredAlgorithm] {
        var algorithms: [StoredAlgorithm] = []
        var page = 1
        while true {
            let answer = try await ask(store, "/algorithm?page=\(page)&per_page=100")
            let items = answer["data"]?.arrayValue ?? answer.arrayValue ?? []
            algorithms += items.compactMap(StoredAlgorithm.init)
            guard !items.isEmpty, answer["links"]?["next"]?.stringValue != nil else { return algorithms }
            page += 1
        }
    }

    private func ask(_ store: AlgorithmStore, _ path: String) async throws -> JSONValue {
        var root = store.url
        while root.hasSuffix("/") { root.removeLast() }
        let request = "GET \(root)\(path)"
        let headers = [
            (name: "Accept", value: "application/json"), (name: "server_url", value: address.description),
            (name: "Authorization", value: "Bearer \(try await accessToken())"),
        ]
        let response: HTTPResponse
        do {
            response = try await transport.send(
                HTTPRequest(method: "GET", url: root + path, headers: headers, body: nil, timeout: .seconds(20)))
        } catch let error as TransportError {
            throw APIError(
                kind: .unreachable, message: "the algorithm store \(store.name) does not answer: \(error.message)",
                request: request)
        }
        guard (200...210).contains(response.status) else {
            let refusal = APIError(response: response, request: request)
            // What a store refuses says nothing about the sign-in at the server.
            throw APIError(
                kind: refusal.kind == .unauthenticated ? .forbidden : refusal.kind, status: refusal.status,
                message: "the algorithm store \(store.name) says: \(refusal.message)", request: request)
        }
        do { return try JSONValue(parsing: response.body) } catch {
            throw APIError(
                kind: .serverFault, message: "the algorithm store \(store.name) answers with \(error)", request: request
            )
        }
    }
}
