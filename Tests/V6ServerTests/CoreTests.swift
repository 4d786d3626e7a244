// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Synchronization
import Testing
import V6Kit

@testable import V6Server

/// The parts without input and output.
struct CoreTests {
    @Test func statementsKeepValuesApartFromText() {
        let name = "x'; DROP TABLE task; --"
        let part: SQL = "name = \(name)"
        let sql: SQL =
            "SELECT id FROM task WHERE \(part) AND id IN \(list: [1, 2] as [Int64]) AND x = \(nil as String?)"
        #expect(sql.questionMarks == "SELECT id FROM task WHERE name = ? AND id IN (?, ?) AND x = ?")
        #expect(sql.values == [.text(name), .integer(1), .integer(2), .null])
        #expect(("\(list: [] as [Int64])" as SQL).questionMarks == "(NULL)")
    }

    /// A token made by 4.15.2, with the secret it was made with.
    @Test func tokensOfTheOriginalAreRead() throws {
        let token =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJmcmVzaCI6ZmFsc2UsImlhdCI6MTc5NTQ2MDE5OCwianRpIjoiYTQ2Y2J"
            + "lYzUtMTE0My00ZWI5LThiMzMtZjNlM2JkODQ4ZDE5IiwidHlwZSI6ImFjY2VzcyIsInN1YiI6eyJjbGllbnRfdHlwZSI6ImN"
            + "vbnRhaW5lciIsIm5vZGVfaWQiOjEyLCJvcmdhbml6YXRpb25faWQiOjIsImNvbGxhYm9yYXRpb25faWQiOjEsInN0dWR5X2l"
            + "kIjpudWxsLCJzdG9yZV9pZCI6bnVsbCwidGFza19pZCI6MSwiaW1hZ2UiOiJyZWdpc3RyeS5leGFtcGxlLm9yZy9hbGdvL2F"
            + "2ZXJhZ2U6MS4wIiwiZGF0YWJhc2VzIjpbeyJxdWVyeSI6InNlbGVjdCAxIiwic2hlZXRfbmFtZSI6InMiLCJwcmVwcm9jZXN"
            + "zaW5nIjpbeyJmdW5jdGlvbiI6InNlbGVjdF9jb2x1bW5zIiwicGFyYW1ldGVycyI6eyJjb2x1bW5zIjpbImEiXX19XSwibGF"
            + "iZWwiOiJkZWZhdWx0In0seyJsYWJlbCI6InNlY29uZCJ9XX0sIm5iZiI6MTc5NTQ2MDE5OCwiY3NyZiI6IjBjMmZkYzE5LWM"
            + "5NTAtNDE0My05NzliLTYwY2MyYmY1NDMzNiIsImNsaWVudF90eXBlIjoiY29udGFpbmVyIiwicm9sZXMiOltdfQ.ljyPa8Qc"
            + "a39teF7dx0iE3z1atLA5blIXfCeECizvJ4E"
        let codec = TokenCodec(
            secret: "contract-test-secret-key-0123456789abcdef", now: { Date(timeIntervalSince1970: 1_795_460_300) })
        let claims = try codec.claims(authorization: "Bearer \(token)", expecting: .access)
        let identity = try #require(ContainerIdentity(subject: claims.subject))
        #expect(claims.clientType == "container")
        #expect(identity.taskID == 1 && identity.nodeID == 12 && identity.image.hasSuffix("average:1.0"))
        #expect(throws: Failure.self) { try codec.read(Substring(token.dropLast() + "A")) }
    }

    /// A token that was signed with the right secret, by whatever program, is taken by the same rules as by 4.15.2.
    @Test(arguments: [
        (#"{"sub": 3, "exp": "x"}"#, "Expiration Time claim (exp) must be an integer."),
        (#"{"sub": 3, "exp": null}"#, "Expiration Time claim (exp) must be an integer."),
        (#"{"sub": 3, "exp": true}"#, "Expiration Time claim (exp) must be an integer."),
        (#"{"sub": 3, "exp": 1e300}"#, "Expiration Time claim (exp) must be an integer."),
        (#"{"sub": 3, "exp": "999"}"#, "Token has expired"),
        (#"{"sub": 3, "exp": 1000.9}"#, "Token has expired"),
        (#"{"sub": 3, "nbf": []}"#, "Not Before claim (nbf) must be an integer."),
        (#"{"sub": 3, "nbf": 1001}"#, "The token is not yet valid (nbf)"),
        (#"{"sub": 3, "iat": {}}"#, "Issued At claim (iat) must be an integer."),
        (#"{"sub": 3, "iat": 1001}"#, "The token is not yet valid (iat)"),
        (#"{"sub": 3, "jti": 5}"#, "JWT ID must be a string"),
        (#"[]"#, "Invalid payload string: must be a json object"),
        (#"{"exp": 2000}"#, "Missing claim: sub"),
        (#"{"sub": 3, "exp": "2000", "iat": 1000.5, "nbf": 1000, "jti": "x"}"#, nil),
    ])
    func claimsAreReadStrictly(claims: String, refusal: String?) throws {
        let codec = TokenCodec(secret: "secret", now: { Date(timeIntervalSince1970: 1000) })
        let token = codec.sign(try JSONValue(parsing: Data(claims.utf8)))
        #expect(Self.refusal(of: token, codec) == refusal)
    }

    @Test(arguments: [
        (#"{"alg": "HS256", "crit": ["x"], "x": 1}"#, "Unsupported critical extension: x"),
        (#"{"alg": "HS256", "b64": false}"#, "Unsupported critical extension: b64"),
        (#"{"alg": "HS256", "kid": 5}"#, "Key ID header parameter must be a string"),
        (#"{"typ": "JWT"}"#, "Algorithm not specified"),
        (#"{"alg": "none"}"#, "The specified alg value is not allowed"),
        (#"[]"#, "Invalid header string: must be a json object"),
        (#"{"kid": "5", "alg": "HS256"}"#, nil),
    ])
    func headersAreReadStrictly(header: String, refusal: String?) {
        let codec = TokenCodec(secret: "secret", now: { Date() })
        let signed = Base64URL.encode(header.utf8) + "." + Base64URL.encode(#"{"sub": 3}"#.utf8)
        let key = SymmetricKey(data: Data("secret".utf8))
        let signature = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key)
        #expect(Self.refusal(of: signed + "." + Base64URL.encode(signature), codec) == refusal)
    }

    private static func refusal(of token: String, _ codec: TokenCodec) -> String? {
        do {
            _ = try codec.read(Substring(token))
            return nil
        } catch {
            return (error as? Failure)?.body["msg"]?.stringValue ?? "\(error)"
        }
    }

    @Test func tokenThatIsKnownEndsAllTheSame() throws {
        let moment = Mutex(Date(timeIntervalSince1970: 1000))
        let codec = TokenCodec(secret: "secret", now: { moment.withLock { $0 } })
        let token = Substring(codec.sign(["sub": 7, "nbf": 1000, "exp": 2000]))
        for _ in 1...2 { #expect(try codec.read(token).subjectID == 7) }
        // The Kelvin sign is the letter K to whoever compares texts.
        #expect(token.contains("K"))
        for wrong in [token.dropLast() + "_", token + " ", Substring(token.replacing("K", with: "\u{212A}"))]
        where Array(wrong.utf8) != Array(token.utf8) {
            #expect(throws: Failure.self) { try codec.read(wrong) }
        }
        #expect(throws: Failure.self) { try TokenCodec(secret: "another", now: { Date.distantPast }).read(token) }
        moment.withLock { $0 = Date(timeIntervalSince1970: 999) }
        #expect(throws: Failure.self) { try codec.read(token) }
        moment.withLock { $0 = Date(timeIntervalSince1970: 2000) }
        #expect(throws: Failure.self) { try codec.read(token) }
    }

    /// RFC 6238, appendix B, the last six digits of the SHA-1 column.
    @Test(arguments: [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")])
    func oneTimePasswordsFollowTheStandard(_ moment: Int64, _ code: String) {
        let totp = TOTP(secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
        #expect(totp.code(step: moment / 30) == code)
        let date = Date(timeIntervalSince1970: Double(moment))
        #expect(totp.step(of: code, at: date.addingTimeInterval(30)) == moment / 30)
        #expect(totp.step(of: code, at: date.addingTimeInterval(90)) == nil)
    }

    @Test func passwordsAreHashedAsPythonDoes() throws {
        #expect(Bcrypt.verify(TestNetwork.password, TestNetwork.hash))
        #expect(!Bcrypt.verify("Passw0rd", TestNetwork.hash))
        #expect(!Bcrypt.verify("x", "no hash"))
        let long = String(repeating: "a", count: 100)
        let hash = try Bcrypt.hash(long, cost: 4)
        #expect(hash.hasPrefix("$2b$04$") && hash.utf8.count == 60)
        // Only the first 72 bytes count.
        #expect(Bcrypt.verify(String(repeating: "a", count: 72), hash))
        #expect(!Bcrypt.verify(String(repeating: "a", count: 71), hash))
    }

    @Test(arguments: [
        ("e30=", "{}"), ("@@@", ""), ("e3 0=", "{}"), ("e30=$ignored", "{}"), ("YQ==", "a"), ("YWI=", "ab"),
    ])
    func inputIsDecodedAsPythonDoes(_ text: String, _ expected: String) {
        #expect(TaskInputCheck.decode(text).map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test func inputWithWrongPaddingIsNoInput() {
        #expect(TaskInputCheck.decode("abc") == nil)
        #expect(TaskInputCheck.decode("a") == nil)
    }

    @Test func routesAreFoundByTheirShape() {
        let routes = ["/task", "/task/{id}", "/role/{id}/rule/{rule_id}", "/blobstream/{name}", "/blobstream/status"]
            .map { Route("GET", $0, .anyone, "", answers: [], .reading { _ in .json([:]) }) }
        let router = Router(apiPath: "/api", routes: routes)
        func find(_ path: String, _ method: String = "GET") -> String {
            switch router.match(method: method, path: path) {
            case .route(let route, let parameters): "\(route.path) \(parameters.joined(separator: ","))"
            case .wrongMethod(let allowed): "405 \(allowed.joined(separator: ","))"
            case .redirect(let path): "308 \(path)"
            case .nothing: "404"
            }
        }
        #expect(find("/api/task") == "/task ")
        #expect(find("/api/task", "HEAD") == "/task ")
        #expect(find("/api/task/007") == "/task/{id} 007")
        #expect(find("/api/task/x") == "404")
        #expect(find("/api/task/-1") == "404")
        #expect(find("/api/task/") == "404")
        #expect(find("/api/role/1/rule/2") == "/role/{id}/rule/{rule_id} 1,2")
        #expect(find("/api/blobstream/status") == "/blobstream/status ")
        #expect(find("/api/blobstream/a==") == "/blobstream/{name} a==")
        #expect(find("/api//task") == "308 /api/task")
        #expect(find("/task") == "404")
        #expect(find("/api/task", "PUT") == "405 GET,HEAD,OPTIONS")
    }

    @Test func schemasTellEveryFaultInTheWordsOfTheOriginal() {
        let problems = Schemas.user.problems([
            "username": "1ab", "email": "not-an-email", "password": "short", "roles": ["x"], "surprise": 1,
        ])
        #expect(problems["email"] == ["Not a valid email address."])
        #expect(problems["roles"] == ["0": ["Not a valid integer."]])
        #expect(problems["surprise"] == ["Unknown field."])
        #expect(problems["username"]?[0]?.stringValue?.hasPrefix("Username 1ab is invalid.") == true)
        #expect(problems["password"]?[0]?.stringValue?.hasPrefix("Password too short") == true)
        #expect(Schemas.user.partial.problems([:]).isEmpty)
        #expect(Schemas.login.problems([]) == ["_schema": ["Invalid input type."]])
        #expect(Schemas.recoverLost.problems([:]) == ["_schema": ["Email or username is required"]])
    }

    @Test func configurationOfNodesIsFlattened() {
        let rows = NodeInfo.flatten([
            "encryption": true, "empty": [], "n": 5, "types": ["a": "csv", "b": ["x", "y"]], "none": nil,
        ])
        #expect(rows.map(\.key) == ["encryption", "n", "a", "b", "b", "none"])
        #expect(rows.map(\.value) == ["1", "5", "csv", "x", "y", nil])
    }

    @Test func crossOriginHeadersNeedConfiguration() {
        #expect(CORSPolicy(origins: []).headers(origin: "http://a", preflight: true, asked: "x").isEmpty)
        let one = CORSPolicy(origins: ["http://localhost:7600"])
        #expect(one.headers(origin: "http://evil", preflight: false, asked: nil).isEmpty)
        #expect(
            one.headers(origin: "http://localhost:7600", preflight: false, asked: nil).map(\.value)
                == ["http://localhost:7600", "Origin"])
        let all = CORSPolicy(origins: ["*"])
        #expect(all.headers(origin: nil, preflight: false, asked: nil).map(\.value) == ["*"])
    }
}
