// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// Requests at the edge of what is taken: 4.15.2 was asked the same.
struct EdgeTests {
    private func asRoot(
        _ body: @escaping @Sendable (TestServer, TestNetwork, String) async throws -> Void
    ) async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            try await body(server, network, try await network.user("admin", of: 1, roles: [.root]).token)
        }
    }

    @Test func blanksAroundNumbersOfAQueryAreIgnored() async throws {
        try await asRoot { server, network, token in
            for query in ["organization_id=+\(network.alpha)", "organization_id=\(network.alpha)%20&per_page=+2"] {
                let answer = try await server.send("GET", "/node?\(query)", token: token)
                #expect(answer.status == 200 && answer.headers["total-count"] == "1", "\(query): \(answer.text)")
            }
            for path in ["/organization?ids=%20\(network.alpha)", "/collaboration?encrypted=%201"] {
                let answer = try await server.send("GET", path, token: token)
                #expect(answer.headers["total-count"] == "1", "\(path): \(answer.text)")
            }
            let created = try await server.send("GET", "/task?is_user_created=%201", token: token)
            #expect(created.status == 200, "\(created.text)")
            let open = try await server.send("GET", "/user?role_id=%201", token: token)
            #expect(open.status == 200, "\(open.text)")
        }
    }

    @Test(arguments: [
        ("/algorithmstore?collaboration_id=x", 404), ("/run?node_id=", 200), ("/run?node_id=x", 400),
        ("/organization?sort=id,", 400), ("/organization?sort=--id", 400), ("/organization?sort=%20id,-name", 200),
        ("/user/99999999999999999999", 404), ("/task?job_id=99999999999999999999", 400),
    ])
    func oddValues(_ path: String, _ status: Int) async throws {
        try await asRoot { server, _, token in
            let answer = try await server.send("GET", path, token: token)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.json.objectValue != nil)
        }
    }

    /// Who may see nothing of a kind is told what of the query that concerns.
    @Test(arguments: [
        ("/run?collaboration_id=1", 401, "You lack the permission to view runs for collaboration id=1!"),
        ("/result?task_id=99", 400, "Task id=99 does not exist!"),
        ("/run", 401, "You lack the permission to do that!"),
        ("/study?organization_id=2", 401, "You lack the permission to request studies for this organization!"),
        ("/study?collaboration_id=1", 401, "You lack the permission to request studies for this collaboration!"),
        (
            "/node?study_id=7", 401,
            "You lack the permission view nodes from collaboration 1 contains the study with id 7!"
        ),
    ])
    func refusalsNameWhatWasAskedFor(_ path: String, _ status: Int, _ text: String) async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            _ = try await server.store.write { session in
                try session.run("INSERT INTO study (id, name, collaboration_id) VALUES (7, 'study', 1)")
            }
            let nobody = try await network.user("nobody", of: network.alpha).token
            let answer = try await server.send("GET", path, token: nobody)
            #expect(answer.status == status && answer.message == text, "\(answer.text)")
        }
    }

    @Test func runsOfANodeAreForWhoSeesThoseOfItsCollaboration() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            for (name, scope, status) in [("org", Scope.organization, 401), ("col", .collaboration, 200)] {
                let rule = Grant(resource: .run, operation: .view, scope: scope)
                let token = try await network.user(name, of: network.alpha, rules: [rule]).token
                for path in ["/run", "/result"] {
                    let answer = try await server.send("GET", "\(path)?node_id=\(network.alphaNode)", token: token)
                    #expect(answer.status == status, "\(name): \(answer.text)")
                }
                #expect(try await server.send("GET", "/run", token: token).status == 200)
            }
        }
    }

    @Test(arguments: [("PROPFIND", "405"), ("PUT", "405"), ("FOO", "400"), ("get", "400")])
    func methodsThatAPathDoesNotServe(_ method: String, _ status: String) async throws {
        try await TestServer.run { server in
            let connection = try RawConnection(server.address)
            try connection.send("\(method) /api/version HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
            let answer = await connection.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        }
    }

    @Test func addressesOfNodesMayNameTheirInterface() async throws {
        try await asRoot { server, network, token in
            for (address, status) in [
                ("fe80::1%eth0", 200), ("fe80::1%", 400), ("fe80::1%a%b", 400), ("10.0.0.1%eth0", 400), ("::1", 200),
            ] {
                let answer = try await server.send(
                    "PATCH", "/node/\(network.alphaNode)", token: token, body: ["ip": .string(address)])
                #expect(answer.status == status, "\(address): \(answer.text)")
                if status == 200 { #expect(answer.json["ip"]?.stringValue == address) }
            }
        }
    }

    @Test(arguments: [
        (JSONValue.number(1), true), (1, true), (true, true), (.number(0), false), (0, false), ("true", false),
    ])
    func aCollaborationIsEncryptedByTrueAndByOne(_ value: JSONValue, _ isEncrypted: Bool) async throws {
        try await asRoot { server, network, token in
            let answer = try await server.send(
                "POST", "/collaboration", token: token,
                body: ["name": "new", "organization_ids": [.integer(network.alpha)], "encrypted": value])
            #expect(answer.status == 200 && answer.json["encrypted"] == .bool(isEncrypted), "\(answer.text)")
        }
    }

    @Test func namesOfUsersEndWithoutALineBreak() async throws {
        try await asRoot { server, _, token in
            for (name, status) in [("abc\n", 400), ("abc", 201)] {
                let user: JSONValue = [
                    "username": .string(name), "email": "a@example.org", "firstname": "a", "lastname": "b",
                    "password": "Passw0rd!x",
                ]
                let answer = try await server.send("POST", "/user", token: token, body: user)
                #expect(answer.status == status, "\(answer.text)")
            }
        }
    }

    @Test func blanksBetweenBearerAndTokenAreIgnored() async throws {
        try await asRoot { server, _, token in
            for blanks in ["  ", "\t", " \t "] {
                let answer = try await server.send(
                    "GET", "/rule/1", headers: [("Authorization", "Bearer\(blanks)\(token)")])
                #expect(answer.status == 200, "\(answer.text)")
            }
            let empty = try await server.send("GET", "/rule/1", headers: [("Authorization", "")])
            #expect(empty.status == 401 && empty.message == "Missing Authorization Header")
            let two = try await server.send("GET", "/rule/1", headers: [("Authorization", "Bearer \(token) x")])
            #expect(two.status == 422)
        }
    }

    @Test func aByteOrderMarkIsSkipped() async throws {
        try await asRoot { server, _, _ in
            let answer = try await server.transport.send(
                HTTPRequest(
                    method: "POST", url: server.address.root + "/api/recover/lost",
                    headers: [("Content-Type", "application/json")],
                    body: Data([0xEF, 0xBB, 0xBF]) + Data(#"{"username": "nobody"}"#.utf8)))
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: ["/robots.txt", "/openapi.json"])
    func whatCanOnlyBeReadSaysSo(_ path: String) async throws {
        try await asRoot { server, _, _ in
            let answer = try await server.send("POST", path, body: [:])
            #expect(answer.status == 405 && answer.headers["Allow"] == "GET, HEAD")
            #expect(try await server.send("GET", path).status == 200)
        }
    }

    /// Forms send all fields of a user, also to change the last name only.
    @Test func theNameAUserHasAlreadyMayBeSent() async throws {
        try await asRoot { server, network, token in
            let user = try await network.user("someone", of: network.alpha)
            let path = "/user/\(user.id)"
            let same = try await server.send(
                "PATCH", path, token: token, body: ["username": "someone", "lastname": "New"])
            #expect(same.status == 200 && same.json["lastname"] == "New", "\(same.text)")
            let other = try await server.send("PATCH", path, token: token, body: ["username": "other"])
            #expect(other.status == 400 && other.message == "You cannot change the username of another user")
            let taken = try await server.send("PATCH", path, token: token, body: ["username": "admin"])
            #expect(taken.status == 400 && taken.message == "User with that username already exists")
        }
    }

    @Test func identifiersOfRolesAndRulesStartAtOne() async throws {
        try await asRoot { server, _, token in
            let refusal: JSONValue = ["0": ["Must be greater than or equal to 1."]]
            let user = try await server.send(
                "POST", "/user", token: token,
                body: [
                    "username": "new", "password": .string(TestNetwork.password), "email": "n@example.org",
                    "firstname": "N", "lastname": "N", "roles": [0], "rules": [-1],
                ])
            #expect(user.status == 400 && user.json["errors"] == ["roles": refusal, "rules": refusal], "\(user.text)")
            let role = try await server.send("POST", "/role", token: token, body: ["name": "R", "rules": [0]])
            #expect(role.status == 400 && role.json["msg"] == ["rules": refusal], "\(role.text)")
        }
    }

    @Test(arguments: [[], nil, "x"] as [JSONValue])
    func argumentsOfADatabaseAreAnObject(_ arguments: JSONValue) async throws {
        try await asRoot { server, network, token in
            var body = network.taskBody([network.alpha]).objectValue ?? [:]
            body["databases"] = [["label": "default", "arguments": arguments]]
            let answer = try await server.send("POST", "/task", token: token, body: .object(body))
            #expect(answer.status == 400)
            #expect(answer.json["errors"] == ["databases": ["Database arguments must be a dict"]])
        }
    }

    @Test(arguments: [(1, "1"), (.number(1.5), "1.5"), (true, "1"), ("a", "a")] as [(JSONValue, String)])
    func labelsOfDatabasesAreTexts(_ label: JSONValue, _ stored: String) async throws {
        try await asRoot { server, network, token in
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            var body = network.taskBody([network.alpha]).objectValue ?? [:]
            body["databases"] = [["label": label]]
            let made = try await server.send("POST", "/task", token: researcher, body: .object(body))
            #expect(made.json["databases"] == [["label": .string(stored), "parameters": "{}"]], "\(made.text)")
            body["databases"] = [["label": [label]]]
            let refused = try await server.send("POST", "/task", token: researcher, body: .object(body))
            #expect(refused.json["errors"] == ["databases": ["Database label must be a text"]], "\(refused.text)")
        }
    }

    /// A task that asks for columns names neither a query nor a sheet that is empty.
    @Test func emptyQueriesAndSheetsAreNone() async throws {
        try await asRoot { server, network, _ in
            let researcher = try await network.user("ann", of: network.alpha, roles: [.researcher]).token
            let made = try await server.send(
                "POST", "/column", token: researcher,
                body: [
                    "collaboration_id": .integer(network.open), "db_label": "default", "query": "", "sheet_name": "",
                    "organizations": [["id": .integer(network.alpha), "input": "e30="]],
                ])
            #expect(made.json["databases"] == [["label": "default", "parameters": "{}"]], "\(made.text)")
        }
    }

    /// Nodes of the original read them from the text that is stored.
    @Test func parametersOfADatabaseAreKeptInASCII() throws {
        let parameters: JSONValue = ["query": "é \u{1F600}\n", "sheet_name": "s"]
        #expect(parameters.text(.ascii) == #"{"query":"\u00e9 \ud83d\ude00\n","sheet_name":"s"}"#)
        #expect(try JSONValue(parsing: parameters.text(.ascii)) == parameters)
    }

    /// What 4.15.2 takes for a mail address.
    @Test(arguments: [
        ("a@b.cd", true), ("é@x.org", true), ("日本@x.org", true), ("a@[127.0.0.1]", true), ("a@localhost", true),
        (#""q"@b.de"#, true), (#""a.b"@b.de"#, true), (#"""@b.de"#, true), (#""a"b"@b.de"#, false),
        ("\"\n\"@b.de", false),
        ("a@1.2.3.4", false), ("a@[x]", false), ("a@b", false), (".a@b.cd", false), ("a b@x.org", false),
    ])
    func addresses(_ text: String, _ isGood: Bool) {
        #expect(AddressSyntax.isEmail(text) == isGood)
    }

    /// What 4.15.2 takes for a URL.
    @Test(arguments: [
        ("http://LOCALHOST/", true), ("http://a.de.", true), ("HTTP://A.DE", true), ("http://[::1]:80/x", true),
        ("http://a.de?x", true), ("http://a.de/#x", true), ("http://[x]", false), ("http://é.de", false),
        ("http://a.de#x", false), ("http://server/api", false), ("a.de", false),
    ])
    func urls(_ text: String, _ isGood: Bool) {
        #expect(AddressSyntax.isURL(text) == isGood)
    }

    @Test(arguments: [5, true, [], [:]] as [JSONValue])
    func whatIsNoTextIsNoAddress(_ value: JSONValue) {
        #expect(Field(.email).problem(value) == ["Not a valid email address."])
        #expect(Field(.url).problem(value) == ["Not a valid URL."])
    }

    /// The name of an algorithm store follows no rule.
    @Test func anAlgorithmStoreMayBeNamedByDigits() async throws {
        try await asRoot { server, network, token in
            _ = try await server.store.write { session in
                try session.run(
                    "INSERT INTO algorithmstore (id, name, url) VALUES (1, 'store', 'https://s.example.org')")
            }
            let answer = try await server.send("PATCH", "/algorithmstore/1", token: token, body: ["name": "123"])
            #expect(answer.status == 200 && answer.json["name"] == "123", "\(answer.text)")
        }
    }
}
