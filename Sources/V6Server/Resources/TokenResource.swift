// SPDX-License-Identifier: Apache-2.0

import Logging
import V6Kit

/// `/token`.
struct TokenResource {
    let issuer: TokenIssuer
    let passwords: PasswordCheck
    let secondFactor: SecondFactor
    /// How long a used refresh token is taken again, in seconds.
    let refreshOverlap: Int
    let logger: Logger
    private let search = NodeSearch()

    init(
        issuer: TokenIssuer, passwords: PasswordCheck, secondFactor: SecondFactor, refreshOverlap: Int, logger: Logger
    ) {
        self.issuer = issuer
        self.passwords = passwords
        self.secondFactor = secondFactor
        self.refreshOverlap = refreshOverlap
        self.logger = logger
    }

    var routes: [Route] {
        [
            Route(
                "POST", "/token/user", .anyone, "Signs a user in.", body: Schemas.login,
                answers: [.ok(.either([Objects.userTokens, Objects.enrolment, Objects.message]))], refusals: [401],
                .stepping(signInUser)),
            Route(
                "POST", "/token/node", .anyone, "Signs a node in.", body: Schemas.nodeLogin,
                answers: [.ok(Objects.nodeTokens).with(headers: "jwt-token")], refusals: [401], .stepping(signInNode)),
            Route(
                "POST", "/token/container", .node, "Issues a token for an algorithm container.",
                body: Schemas.containerToken, answers: [.ok(.object(["container_token": .text]))],
                .reading(issueContainerToken)),
            Route(
                "POST", "/token/refresh", .refresh, "Issues a new pair of tokens.",
                answers: [.ok(.either([Objects.userTokens, Objects.nodeTokens]))], .stepping(refresh)),
            Route(
                "POST", "/token/user/validate", .user, "Says whose token this is.",
                answers: [.ok(Objects.userIdentity)], .reading(validateUser)),
            Route(
                "POST", "/token/node/validate", .node, "Says whose token this is.",
                answers: [.ok(Objects.nodeIdentity)], .reading(validateNode)),
        ]
    }

    private func signInUser(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.route.body(of: exchange.request)
        let id = try await passwords.user(
            named: body["username"]?.stringValue ?? "", password: body["password"]?.stringValue ?? "", exchange)
        if let question = try await secondFactor.challenge(id, code: body["mfa_code"]?.stringValue, exchange) {
            return .json(question)
        }
        return try await exchange.write { call in
            try AccountState(session: call.session).noteFullLogin(id)
            return signedIn(try userSession(id, call.session))
        }
    }

    private func signInNode(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.route.body(of: exchange.request)
        let key = body["api_key"]?.stringValue ?? ""
        guard let id = try await node(of: key, exchange) else {
            throw Failure.unauthorized("Api key is not recognized!")
        }
        return try await exchange.read { call in signedIn(try nodeSession(id, call.session)) }
    }

    private func node(of key: String, _ exchange: Exchange) async throws -> Int64? {
        if let known = try await exchange.read({ try NodeKeys(session: $0.session).find(key) }) { return known }
        let candidates = try await exchange.read { try NodeKeys(session: $0.session).unknown() }
        // All searches take turns as one, so that made-up keys do not hold up anything but each other.
        let found = try await search.first(of: candidates, key: key) { hash in
            try await passwords.hashing.verify(key, hash, for: "search for the node of a key")
        }
        guard let found else { return nil }
        try await exchange.write { call in
            try NodeKeys(session: call.session).remember(key, of: found.id, hash: found.hash)
        }
        return found.id
    }

    private func signedIn(_ session: JSONValue) -> Reply {
        var reply = Reply.json(session)
        reply.headers.append(("jwt-token", session["access_token"]?.stringValue ?? ""))
        return reply
    }

    private func userSession(
        _ id: Int64, lineage: TokenLineage = .login(), _ session: any SQLSession
    ) throws -> JSONValue {
        let roles = try session.rows(
            #"""
            SELECT DISTINCT role.name FROM role JOIN "Permission" AS given ON given.role_id = role.id
                WHERE given.user_id = \#(id) ORDER BY role.name
            """#
        ).compactMap { $0.text(0) }
        return issuer.session(
            userID: id, roles: roles, epoch: try AccountState(session: session).epoch(of: id),
            organizationID: try session.integer(#"SELECT organization_id FROM "user" WHERE id = \#(id)"#),
            lineage: lineage)
    }

    private func nodeSession(
        _ id: Int64, lineage: TokenLineage = .login(), _ session: any SQLSession
    ) throws -> JSONValue {
        issuer.session(nodeID: id, epoch: try AccountState(session: session).epoch(of: id), lineage: lineage)
    }

    private func refresh(_ exchange: Exchange) async throws -> Reply {
        let lineage = exchange.lineage ?? .login()
        let answer: JSONValue? = try await exchange.write { call in
            let families = TokenFamilies(
                session: call.session, overlapSeconds: refreshOverlap, lifetimeSeconds: issuer.refreshLifetime,
                now: issuer.now)
            guard case .continued(let next) = try families.advance(lineage, account: call.principal.id) else {
                return nil
            }
            switch call.principal.identity {
            case .user: return try userSession(call.principal.id, lineage: next, call.session)
            case .node: return try nodeSession(call.principal.id, lineage: next, call.session)
            case .container, .anonymous: throw Failure.unauthorized("Only users and nodes have refresh tokens.")
            }
        }
        if let answer { return .json(answer) }
        logger.warning(
            """
            a used refresh token came again, so its login was ended: \(exchange.subject); whoever is locked out \
            by that signs in again, and should find out who has the token
            """)
        throw PrincipalLoader.revoked
    }

    private func issueContainerToken(_ call: Call) throws -> Reply {
        let body = try call.body()
        let taskID = LenientInteger.read(body["task_id"] ?? .null) ?? 0
        guard let task = try TaskRecord.find(taskID, call.session) else {
            throw Failure.invalid("Parent task does not exist!")
        }
        let image = body["image"]?.stringValue ?? ""
        guard task.image == image else { throw Failure.unauthorized("Image and task do no match") }
        guard case .node(_, let collaboration?) = call.principal.identity, collaboration == task.collaborationID else {
            throw Failure.unauthorized("You are not within the collaboration")
        }
        if try TaskRecord.status(task.id, call.session).isFinished {
            throw Failure.invalid("Task is already finished!")
        }
        let identity = ContainerIdentity(
            nodeID: call.principal.id, organizationID: call.principal.organizationID ?? 0,
            collaborationID: collaboration, studyID: task.studyID, storeID: task.storeID, taskID: task.id,
            image: image, databases: .array(try databases(of: task.id, call.session)))
        let run = try call.session.integer(
            """
            SELECT id FROM run WHERE task_id = \(task.id) AND organization_id = \(identity.organizationID)
                AND finished_at IS NULL ORDER BY id DESC LIMIT 1
            """)
        return .json(["container_token": .string(issuer.container(identity, run: run))])
    }

    private func databases(of task: Int64, _ session: any SQLSession) throws -> [JSONValue] {
        try session.rows(#"SELECT "database", parameters FROM taskdatabase WHERE task_id = \#(task) ORDER BY id"#)
            .map { row in
                // The text was written by a server; one that is no object is as good as none.
                var parameters: JSONObject = [:]
                if let text = row.text(1), case .object(let object)? = try? JSONValue(parsing: text) {
                    parameters = object
                }
                parameters["label"] = .optional(row.text(0))
                return .object(parameters)
            }
    }

    private func validateUser(_ call: Call) throws -> Reply {
        guard let user = try UserRecord.find(call.principal.id, call.session) else { throw Failure.unexpected }
        return .json([
            "msg": "Token is valid", "user_id": .integer(user.id), "username": .optional(user.username),
            "email": .optional(user.email), "organization_id": .optional(user.organizationID),
        ])
    }

    private func validateNode(_ call: Call) throws -> Reply {
        guard let node = try NodeRecord.find(call.principal.id, call.session) else { throw Failure.unexpected }
        return .json([
            "msg": "Token is valid", "node_id": .integer(node.id), "name": .optional(node.name),
            "organization_id": .optional(node.organizationID),
        ])
    }
}
