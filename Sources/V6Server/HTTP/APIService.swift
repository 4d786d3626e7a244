// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// Answers API requests: route, token, transaction, refusals.
///
/// Knows no socket.
final class APIService: Sendable {
    private let router: Router
    private let store: any Store
    private let tokens: TokenCodec
    private let lastSeen: LastSeen
    private let permissions = PermissionCache()
    private let marks = PageMarks()
    private let foresight = Foresight()
    private let cors: CORSPolicy
    /// Where blobs go that lost their run; nil when everything is in the database.
    private let bin: BlobBin?
    private let limits: RequestLimits
    private let limiter: RateLimiter?
    private let logger: Logger

    init(
        router: Router, store: any Store, tokens: TokenCodec, lastSeen: LastSeen,
        cors: CORSPolicy, bin: BlobBin?, limits: RequestLimits, limiter: RateLimiter?, logger: Logger
    ) {
        self.router = router
        self.store = store
        self.tokens = tokens
        self.lastSeen = lastSeen
        self.cors = cors
        self.bin = bin
        self.limits = limits
        self.limiter = limiter
        self.logger = logger
    }

    /// Judges a request by its headers, before anything of its body is read.
    func admit(method: String, path: String, authorization: String?, address: String) -> Admission {
        let match = router.match(method: method, path: path)
        var claims: AccessClaims?
        var refusal: Reply?
        if case .route(let route, _) = match {
            do { claims = try self.claims(for: route, authorization) } catch let failure as Failure {
                refusal = Reply(failure)
            } catch {
                logger.error("\(method) \(path): \(error)")
                refusal = Reply(.unexpected)
            }
        }
        if let seconds = limiter?.take(claims?.rateKey ?? .address(address)) {
            var failure = Failure.other(429, "Too many requests; try again in \(seconds) s.")
            failure.headers.append(("Retry-After", String(seconds)))
            refusal = Reply(failure)
        }
        return Admission(
            match: match, claims: claims, bodyLimit: claims == nil ? limits.openBodyBytes : limits.bodyBytes,
            refusal: refusal)
    }

    /// The answer to a request that is complete.
    func answer(_ request: APIRequest) async -> Reply {
        await answer(
            request,
            admit(
                method: request.method, path: request.path, authorization: request.authorization,
                address: request.address))
    }

    /// The answer to a request that was admitted.
    func answer(_ request: APIRequest, _ admission: Admission) async -> Reply {
        if let refusal = admission.refusal { return refusal }
        return await route(request, admission)
    }

    /// Whether the body of a request is to be read as it comes instead of being collected.
    func isUpload(method: String, path: String) -> Bool {
        bin != nil && method == "POST" && path == router.apiPath + "/blobstream"
    }

    private func route(_ request: APIRequest, _ admission: Admission) async -> Reply {
        switch admission.match {
        case .route(let route, let parameters):
            var request = request
            request.parameters = parameters
            return await run(route, request, admission.claims)
        case .wrongMethod(let allowed) where request.method == "OPTIONS":
            return Reply(headers: [("Allow", allowed.joined(separator: ", "))], body: Self.noPage)
        case .wrongMethod(let allowed):
            return Reply(.wrongMethod(allowed: allowed))
        case .redirect(let path):
            return Reply(status: 308, headers: [("Location", path)], body: Self.noPage)
        case .nothing:
            return Reply(status: 404, body: Self.page("<title>404 Not Found</title>\n<h1>Not Found</h1>\n"))
        }
    }

    private static let noPage = Reply.Body.bytes(Data(), type: "text/html; charset=utf-8")

    /// What browsers are shown where 4.15.2 shows a page instead of JSON.
    private static func page(_ content: String) -> Reply.Body {
        .bytes(Data("<!doctype html>\n\(content)".utf8), type: "text/html; charset=utf-8")
    }

    private func run(_ route: Route, _ request: APIRequest, _ claims: AccessClaims?) async -> Reply {
        do {
            if let claims { try await lastSeen.touch(claims) }
            switch route.handler {
            case .reading(let handler):
                return try await transaction(request, route, claims, writes: false, handler)
            case .writing(let handler):
                return try await transaction(request, route, claims, writes: true, handler)
            case .stepping(let handler):
                return try await handler(Exchange(request: request, route: route, service: self, claims: claims))
            }
        } catch let failure as Failure {
            return Reply(failure)
        } catch let error as StoreError where error.isUnfitValue {
            // Not a word of the engine's own: it repeats values and names columns.
            return Reply(.invalid("The database cannot take one of the values, such as a time or a pattern."))
        } catch let error as StoreError where error.isUniqueViolation {
            return Reply(.invalid("Another object with one of these values was created in the meantime; try again."))
        } catch {
            logger.error(
                "\(request.method) \(request.path): \(error)", metadata: ["request": "\(request.reference)"])
            return Reply(.unexpected)
        }
    }

    private func claims(for route: Route, _ authorization: String?) throws -> AccessClaims? {
        switch route.callers {
        case .anyone: return nil
        case .refresh: return try tokens.claims(authorization: authorization, expecting: .refresh)
        case .access: return try tokens.claims(authorization: authorization, expecting: .access)
        }
    }

    /// Runs one transaction of a request with its caller looked up in it; the events it leaves become part of it.
    func transaction<Value: Sendable>(
        _ request: APIRequest, _ route: Route, _ claims: AccessClaims?, writes: Bool, foresees: Bool = true,
        _ body: @escaping @Sendable (Call) throws -> Value
    ) async throws -> Value {
        let key =
            writes || !foresees
            ? nil : claims?.rateKey.map { Foresight.Key(path: request.path, query: request.query, holder: $0) }
        let foreseen = key.flatMap(foresight.statements)
        let work: @Sendable (any SQLSession) throws -> (Value, discards: Bool) = {
            [permissions, marks, foresight] session in
            if case .access(let kinds) = route.callers, let kind = claims?.kind, !kinds.contains(kind) {
                throw Failure.unauthorized("This endpoint does not serve \(kind.rawValue) tokens.")
            }
            if foresees, foreseen == nil { session.expect(route.announced(request, claims)) }
            let principal =
                try claims.map { try PrincipalLoader(session: session, cache: permissions).principal($0) } ?? .anonymous
            let outbox = Outbox()
            let call = Call(
                request: request, route: route, session: session,
                access: Access(principal: principal, session: session), outbox: outbox, marks: marks,
                again: { [self] body in
                    try await transaction(request, route, claims, writes: false, foresees: false, body)
                })
            let value = try body(call)
            if let key { foresight.note(session.asked, of: key) }
            let note = writes && AccessChange.follows(route) ? [AccessChange.emission] : []
            try EventLog(session: session).append(outbox.emissions + note)
            try BlobBin.add(outbox.discardedBlobs, session)
            return (value, !outbox.discardedBlobs.isEmpty)
        }
        let (value, discards) =
            if writes { try await store.write(work) } else if let key, let foreseen {
                try await store.read(asking: foreseen, kind: key.kind, work)
            } else { try await store.read(work) }
        if discards {
            // The change is stored: what cannot be removed now is removed within the hour.
            do { try await bin?.empty() } catch { logger.warning("cannot remove blobs: \(error)") }
        }
        return value
    }
}
