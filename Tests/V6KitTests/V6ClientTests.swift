// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing
import V6Kit
import V6TestSupport

struct V6ClientTests {
    /// A token with these claims; nobody here verifies its signature.
    static func token(expiry: Double, subject: Int = 3) -> String {
        func part(_ json: JSONValue) -> String {
            json.data().base64EncodedString().replacingOccurrences(of: "=", with: "")
                .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        }
        return part(["alg": "HS256"]) + "."
            + part(["sub": JSONValue(subject), "client_type": "user", "exp": .number(expiry)]) + ".x"
    }

    private static func client(_ server: FixtureServer, now: Double = 0, readOnly: Bool = false) throws -> V6Client {
        V6Client(
            address: try ServerAddress(server.root), transport: CurlTransport(), readOnly: readOnly,
            now: { Date(timeIntervalSince1970: now) })
    }

    @Test("signing in keeps the tokens and uses them")
    func signIn() async throws {
        let token = Self.token(expiry: 100_000)
        try await FixtureServer.run { request in
            request.path == "/api/token/user"
                ? .json(["access_token": .string(token), "refresh_token": "r"])
                : .json(["id": 3, "username": .string(request.headers["Authorization"] ?? "")])
        } body: { server in
            let client = try Self.client(server)
            #expect(try await client.signIn(username: "a", password: "b", mfaCode: "1") == .signedIn)
            #expect(server.received.last?.json == ["username": "a", "password": "b", "mfa_code": "1"])
            #expect(try await client.users.get(3).username == "Bearer \(token)")
            #expect(await client.claims()?.subject == 3)
        }
    }

    @Test("a second factor is asked for, or set up")
    func secondFactor() async throws {
        let enrols = Mutex(false)
        try await FixtureServer.run { _ in
            enrols.withLock { $0 }
                ? .json(["qr_uri": "otpauth://x", "otp_secret": "S", "msg": "scan"]) : .json(["msg": "give the code"])
        } body: { server in
            let client = try Self.client(server)
            #expect(try await client.signIn(username: "a", password: "b") == .codeRequired(message: "give the code"))
            enrols.withLock { $0 = true }
            #expect(
                try await client.signIn(username: "a", password: "b")
                    == .enrolment(uri: "otpauth://x", secret: "S", message: "scan"))
            #expect(await client.tokens() == nil)
        }
    }

    @Test("a token near its end is refreshed once, however many ask")
    func refresh() async throws {
        let fresh = Self.token(expiry: 100_000)
        try await FixtureServer.run { request in
            request.path == "/api/token/refresh"
                ? .json(["access_token": .string(fresh), "refresh_token": "r2"]) : .json(["version": "x"])
        } body: { server in
            let client = try Self.client(server, now: 1_000)
            await client.use(accessToken: Self.token(expiry: 1_300), refreshToken: "r1")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { _ = try await client.call("GET", "/x") } }
                try await group.waitForAll()
            }
            let refreshes = server.received.filter { $0.path == "/api/token/refresh" }
            #expect(refreshes.count == 1 && refreshes.first?.headers["Authorization"] == "Bearer r1")
            #expect(
                server.received.filter { $0.path == "/api/x" }.allSatisfy {
                    $0.headers["Authorization"] == "Bearer \(fresh)"
                })
            #expect(await client.tokens()?.refresh == "r2")
        }
    }

    @Test("a rejected token is refreshed and the request sent once more; a refused request is not repeated")
    func rejected() async throws {
        let fresh = Self.token(expiry: 100_001)
        try await FixtureServer.run { request in
            switch request.path {
            case "/api/token/refresh": .json(["access_token": .string(fresh), "refresh_token": "r2"])
            case "/api/refused": .json(["msg": "You lack the permission to do that!"], status: 401)
            default:
                request.headers["Authorization"] == "Bearer \(fresh)"
                    ? .json(["ok": true]) : .json(["msg": "Token has expired"], status: 401)
            }
        } body: { server in
            let client = try Self.client(server)
            await client.use(accessToken: Self.token(expiry: 100_000), refreshToken: "r1")
            #expect(try await client.call("GET", "/x").json == ["ok": true])
            let error = await #expect(throws: APIError.self) { try await client.call("POST", "/refused", body: [:]) }
            #expect(error?.kind == .forbidden)
            #expect(server.received.filter { $0.path == "/api/refused" }.count == 1)
        }
    }

    @Test(
        "answers are sorted by what a person can do about them",
        arguments: [
            (401, "Failed to login", .unauthenticated), (401, "You lack the permission to do that!", .forbidden),
            (422, "Signature verification failed", .unauthenticated), (404, "task id=1 is not found", .notFound),
            (400, "Request body is incorrect", .invalid), (500, "An unexpected error occurred", .serverFault),
        ] as [(Int, String, APIError.Kind)])
    func errors(_ status: Int, _ message: String, _ kind: APIError.Kind) async throws {
        try await FixtureServer.run { _ in
            .json(["msg": .string(message)], status: status)
        } body: { server in
            let client = try Self.client(server)
            await client.use(accessToken: Self.token(expiry: 100_000))
            let error = await #expect(throws: APIError.self) { try await client.call("GET", "/x") }
            #expect(error?.kind == kind && error?.message == message && error?.status == status)
        }
    }

    @Test("what the server says of each member of a body is told in words")
    func refusedMembers() async throws {
        let errors: JSONValue = ["password": ["Password too short.", "Use a digit."], "roles": "Not a list"]
        try await FixtureServer.run { _ in
            .json(["msg": "Request body is incorrect", "errors": errors], status: 400)
        } body: { server in
            let client = try Self.client(server)
            await client.use(accessToken: Self.token(expiry: 100_000))
            let error = await #expect(throws: APIError.self) { try await client.call("POST", "/x", body: [:]) }
            #expect(
                error?.message
                    == "Request body is incorrect: password: Password too short. Use a digit.; roles: Not a list")
        }
    }

    @Test("lists are followed from page to page, and no further than asked")
    func pages() async throws {
        try await FixtureServer.run { request in
            let page = request.target.contains("page=2") ? 2 : 1
            return .json([
                "data": [
                    ["id": JSONValue(page * 10), "name": "n", "encrypted": false],
                    ["id": JSONValue(page * 10 + 1), "name": "n", "encrypted": true],
                ],
                "links": page == 1
                    ? ["self": "/api/collaboration?page=1", "next": "/api/collaboration?name=n&page=2"] : ["self": "x"],
            ])
        } body: { server in
            let client = try Self.client(server)
            await client.use(accessToken: Self.token(expiry: 100_000))
            #expect(try await client.collaborations.list([("name", "n")]).all().map(\.id) == [10, 11, 20, 21])
            #expect(server.received.map(\.target) == ["/api/collaboration?name=n", "/api/collaboration?name=n&page=2"])
            #expect(try await client.collaborations.list().all(limit: 1).count == 1)
        }
    }

    @Test("read-only mode refuses writes before they are sent")
    func readOnly() async throws {
        try await FixtureServer.run { _ in
            .json([:])
        } body: { server in
            let client = try Self.client(server, readOnly: true)
            await client.use(accessToken: Self.token(expiry: 100_000))
            let error = await #expect(throws: APIError.self) { try await client.tasks.kill(1) }
            #expect(error?.kind == .readOnly && server.received.isEmpty)
        }
    }

    @Test("a task's input is encrypted for each organization where the collaboration wants it")
    func encryptedTask() async throws {
        let key = try EnvelopeTests.privateKey("rsa2048")
        try await FixtureServer.run { request in
            switch request.path {
            case "/api/collaboration/1": .json(["id": 1, "name": "c", "encrypted": true])
            case "/api/organization/4": .json(["id": 4, "name": "o", "public_key": .string(key.publicKey.wire)])
            case "/api/organization/5": .json(["id": 5, "name": "p", "public_key": ""])
            default: .json(["id": 9, "image": "i", "status": "pending"], status: 201)
            }
        } body: { server in
            let client = try Self.client(server)
            await client.use(accessToken: Self.token(expiry: 100_000))
            var request = TaskRequest(
                name: "n", image: "i", collaboration: 1, organizations: [4],
                databases: [.init(label: "default", parameters: ["query": "q"])],
                input: TaskInput(method: "m", keywords: ["a": 1]))
            #expect(try await client.tasks.create(request).id == 9)
            let sent = try #require(server.received.last).json
            #expect(sent["databases"] == [["label": "default", "query": "q"]])
            let input = try #require(sent["organizations"]?[0]?["input"]?.stringValue)
            #expect(try TaskInput(data: Envelope.open(input, with: key)) == request.input)
            request.organizations = [4, 5]
            let keyless = request
            await #expect(throws: CryptographyError.self) { try await client.tasks.create(keyless) }
        }
    }
}
