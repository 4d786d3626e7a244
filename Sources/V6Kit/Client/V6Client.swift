// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A client of one vantage6 server, for users and nodes alike.
///
/// Holds the tokens, refreshes them before they end, and gives typed access to the resources. All reads and writes go
/// through ``call(_:_:query:body:)``.
public final class V6Client: Sendable {
    /// Where the server answers.
    public let address: ServerAddress
    /// What carries the requests.
    public let transport: any HTTPTransport
    private let isReadOnly: Bool
    private let timeout: Duration
    private let session: Session

    /// A client that has not signed in yet.
    /// - Parameters:
    ///   - address: where the server answers.
    ///   - transport: what carries the requests.
    ///   - readOnly: refuses everything that changes something, before it is sent.
    ///   - timeout: how long one request may take.
    ///   - now: the clock by which tokens end.
    public init(
        address: ServerAddress, transport: any HTTPTransport, readOnly: Bool = false, timeout: Duration = .seconds(60),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.address = address
        self.transport = transport
        isReadOnly = readOnly
        self.timeout = timeout
        session = Session(now: now)
    }
}

extension V6Client {
    /// Signs a user in.
    /// - Throws: ``APIError``; a wrong password and a blocked account look alike.
    public func signIn(username: String, password: String, mfaCode: String? = nil) async throws -> SignInOutcome {
        var body: JSONObject = ["username": .string(username), "password": .string(password)]
        body["mfa_code"] = mfaCode.map { .string($0) }
        let json = try await callOpenly("POST", "/token/user", body: .object(body)).json
        if let access = json["access_token"]?.stringValue {
            await session.set(access: access, refresh: json["refresh_token"]?.stringValue)
            return .signedIn
        }
        let message = json["msg"]?.stringValue ?? "a second factor is required"
        if let uri = json["qr_uri"]?.stringValue, let secret = json["otp_secret"]?.stringValue {
            return .enrolment(uri: uri, secret: secret, message: message)
        }
        return .codeRequired(message: message)
    }

    /// Signs a node in.
    /// - Throws: ``APIError``.
    public func authenticate(apiKey: String) async throws {
        let json = try await callOpenly("POST", "/token/node", body: ["api_key": .string(apiKey)]).json
        await session.set(access: json["access_token"]?.stringValue, refresh: json["refresh_token"]?.stringValue)
    }

    /// Uses tokens that were obtained elsewhere.
    public func use(accessToken: String, refreshToken: String? = nil) async {
        await session.set(access: accessToken, refresh: refreshToken)
    }

    /// The tokens in use; nil before a sign-in.
    public func tokens() async -> (access: String, refresh: String?)? { await session.tokens }

    /// What the access token says about its bearer; nil before a sign-in.
    public func claims() async -> TokenClaims? {
        await session.tokens.flatMap { TokenClaims(decoding: $0.access) }
    }

    /// The access token, refreshed first when it is near its end.
    /// - Throws: ``APIError`` of kind `unauthenticated` before a sign-in.
    public func accessToken() async throws -> String {
        guard let token = try await session.accessToken(renew: { try await self.renew($0) }) else {
            throw APIError(kind: .unauthenticated, message: "not signed in", request: address.description)
        }
        return token
    }

    /// Replaces the tokens by new ones.
    /// - Throws: ``APIError``.
    public func refreshTokens() async throws {
        try await session.renewNow(renew: { try await self.renew($0) })
    }

    private func renew(_ refresh: String) async throws -> (access: String, refresh: String?) {
        let response = try await respond("POST", "/token/refresh", body: nil, bearer: refresh)
        let json = try Self.parsed(response, request: "POST /token/refresh").json
        guard let access = json["access_token"]?.stringValue else {
            throw APIError(
                kind: .serverFault, message: "the server gave no token", request: "POST /token/refresh")
        }
        return (access, json["refresh_token"]?.stringValue ?? refresh)
    }
}

extension V6Client {
    /// Sends a request as the signed-in party.
    ///
    /// A token that the server rejects is refreshed and the request sent once more; nothing else is repeated.
    /// - Parameters:
    ///   - method: the HTTP method.
    ///   - path: the path below the API path, such as `/task`.
    ///   - query: the query parameters.
    ///   - body: the JSON body; nil sends none.
    /// - Returns: the answer, of a status up to 210.
    /// - Throws: ``APIError`` for any answer above 210 and when none came; `CancellationError`.
    public func call(
        _ method: String, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil
    ) async throws -> APIResponse {
        let response = try await callRaw(method, path, query: query, body: body.map(Self.document))
        return try Self.parsed(response, request: "\(method) \(path)")
    }

    /// Sends bytes of some type as they are, and leaves the answer unread.
    /// - Throws: ``APIError`` for any answer above 210 and when none came; `CancellationError`.
    func callRaw(
        _ method: String, _ path: String, query: [(String, String)] = [], body: (data: Data, type: String)? = nil
    ) async throws -> HTTPResponse {
        if method != "GET", method != "HEAD" { try checkWritable(for: "\(method) \(path)") }
        return try await withToken { try await self.respond(method, path, query: query, body: body, bearer: $0) }
    }

    /// Refuses a change in read-only mode, for whoever wants to know before anything is asked or sent.
    /// - Throws: ``APIError`` of the kind read-only.
    public func checkWritable(for request: String) throws {
        guard isReadOnly else { return }
        throw APIError(kind: .readOnly, message: "read-only mode: nothing is changed", request: request)
    }

    /// Reads one object.
    /// - Throws: ``APIError``; `CancellationError`.
    public func get<Value: Decodable>(_ path: String, query: [(String, String)] = []) async throws -> Value {
        try Self.decoded(try await callRaw("GET", path, query: query).body, request: "GET \(path)")
    }

    /// Sends an object and reads the answer.
    /// - Throws: ``APIError``; `CancellationError`.
    public func send<Value: Decodable>(_ method: String, _ path: String, body: JSONValue) async throws -> Value {
        try Self.decoded(try await callRaw(method, path, body: Self.document(body)).body, request: "\(method) \(path)")
    }

    /// Reads one page of a list, and how many elements the list has; nil where the server does not tell.
    /// - Throws: ``APIError``; `CancellationError`.
    public func page<Element: Decodable & Sendable>(
        _ path: String, query: [(String, String)] = [], of type: Element.Type = Element.self
    ) async throws -> (elements: [Element], total: Int?) {
        let response = try await callRaw("GET", path, query: query)
        let page: Page<Element> = try Self.decoded(response.body, request: "GET \(path)")
        return (page.data, response.headers["total-count"].flatMap { Int($0) })
    }

    /// A list, read page by page as it is walked through.
    public func pages<Element: Decodable & Sendable>(
        _ path: String, query: [(String, String)] = [], of type: Element.Type = Element.self
    ) -> PagedList<Element> {
        PagedList(client: self, path: path, query: query)
    }

    /// Sends a request without a token, for the few endpoints that want none.
    /// - Throws: ``APIError``; `CancellationError`.
    public func callOpenly(_ method: String, _ path: String, body: JSONValue? = nil) async throws -> APIResponse {
        let response = try await respond(method, path, body: body.map(Self.document), bearer: nil)
        return try Self.parsed(response, request: "\(method) \(path)")
    }

    /// Sends a body of any length, made while it is sent.
    /// - Throws: ``APIError`` for any answer above 210 and when none came, what the body throws, `CancellationError`.
    public func upload(_ method: String, _ path: String, type: String, _ upload: HTTPUpload) async throws -> APIResponse
    {
        let request = "\(method) \(path)"
        try checkWritable(for: request)
        let response = try await withToken { bearer in
            try await self.respond(method, path, upload: upload, type: type, bearer: bearer)
        }
        return try Self.parsed(response, request: request)
    }

    /// Opens an answer whose body is read piece by piece.
    /// - Throws: ``APIError`` for any answer above 210 and when none came; `CancellationError`.
    public func download(_ path: String) async throws -> HTTPStream {
        try await withToken { bearer in
            let headers = [(name: "Authorization", value: "Bearer \(bearer)")]
            let stream: HTTPStream
            do {
                stream = try await self.transport.stream(
                    HTTPRequest(url: self.address.url(path), headers: headers, idleTimeout: Self.idleTimeout))
            } catch let error as TransportError {
                throw APIError(kind: .unreachable, message: error.message, request: "GET \(path)")
            }
            guard !(200...210).contains(stream.status) else { return stream }
            var body = Data()
            for try await piece in stream.body where body.count < 65_536 { body.append(piece) }
            throw APIError(
                response: HTTPResponse(status: stream.status, headers: stream.headers, body: body),
                request: "GET \(path)")
        }
    }

    /// Does something with the access token; one that the server rejects is refreshed and the whole done once more.
    private func withToken<Value: Sendable>(
        _ operation: @Sendable (_ bearer: String) async throws -> Value
    ) async throws -> Value {
        do {
            return try await operation(try await accessToken())
        } catch let error as APIError where error.kind == .unauthenticated && error.status != nil {
            guard await session.tokens?.refresh != nil else { throw error }
            do { try await refreshTokens() } catch { throw error }
            return try await operation(try await accessToken())
        }
    }

    /// How long a large transfer may stand still; the time it takes in all is not limited.
    private static let idleTimeout = Duration.seconds(300)

    private static func document(_ json: JSONValue) -> (data: Data, type: String) { (json.data(), "application/json") }

    /// An answer's body as what it should be.
    /// - Throws: ``APIError``.
    static func decoded<Value: Decodable>(_ body: Data, request: String) throws -> Value {
        do { return try JSONDecoder().decode(Value.self, from: body) } catch {
            throw APIError(
                kind: .serverFault, message: "the answer does not have the expected form: \(error)", request: request)
        }
    }

    private static func parsed(_ response: HTTPResponse, request: String) throws -> APIResponse {
        let json: JSONValue
        do { json = response.body.isEmpty ? .null : try JSONValue(parsing: response.body) } catch {
            throw APIError(kind: .serverFault, message: "the answer is \(error)", request: request)
        }
        return APIResponse(status: response.status, headers: response.headers, json: json)
    }

    private func respond(
        _ method: String, _ path: String, query: [(String, String)] = [], body: (data: Data, type: String)? = nil,
        upload: HTTPUpload? = nil, type: String? = nil, bearer: String?
    ) async throws -> HTTPResponse {
        var headers = [(name: "Accept", value: "application/json")]
        if let bearer { headers.append((name: "Authorization", value: "Bearer \(bearer)")) }
        if let type = type ?? body?.type { headers.append((name: "Content-Type", value: type)) }
        let request = "\(method) \(path)"
        let response: HTTPResponse
        do {
            response = try await transport.send(
                HTTPRequest(
                    method: method, url: address.url(path, query: query), headers: headers, body: body?.data,
                    upload: upload, timeout: upload == nil ? timeout : nil,
                    idleTimeout: upload == nil ? nil : Self.idleTimeout))
        } catch let error as TransportError {
            throw APIError(kind: .unreachable, message: error.message, request: request)
        }
        // The stock client draws the line between success and failure here as well.
        guard (200...210).contains(response.status) else { throw APIError(response: response, request: request) }
        return response
    }
}
