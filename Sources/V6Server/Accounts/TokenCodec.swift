// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import V6Kit

/// Signs and reads the tokens of 4.15: JSON Web Tokens with HMAC-SHA-256.
///
/// Written by hand because the subject is a number or an object and moments are whole seconds, which general libraries
/// refuse to write.
struct TokenCodec: Sendable {
    /// What a token is good for.
    enum Purpose: String, Sendable {
        case access, refresh
    }

    private let key: SymmetricKey
    private let now: @Sendable () -> Date
    private let known = KnownTokens()
    private static let header = Base64URL.encode(#"{"alg":"HS256","typ":"JWT"}"#.utf8)

    /// A codec for a signing secret, used as the bytes of its UTF-8 text.
    init(secret: String, now: @escaping @Sendable () -> Date) {
        key = SymmetricKey(data: Data(secret.utf8))
        self.now = now
    }

    /// A signed token with these claims.
    func sign(_ claims: JSONValue) -> String {
        let signed = Self.header + "." + Base64URL.encode(claims.data())
        let signature = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key)
        return signed + "." + Base64URL.encode(signature)
    }

    /// The claims in an `Authorization` header.
    ///
    /// - Throws: ``Failure`` 401 or 422 in the words of 4.15.2.
    func claims(authorization: String?, expecting purpose: Purpose) throws -> AccessClaims {
        guard let authorization, !authorization.isEmpty else {
            throw Failure.unauthorized("Missing Authorization Header")
        }
        // By bytes: the characters of a long token would each be looked up in the tables of Unicode.
        let words = authorization.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.map(Substring.init)
        guard words.first == "Bearer" else {
            throw Failure.unauthorized(
                "Missing 'Bearer' type in 'Authorization' header. Expected 'Authorization: Bearer <JWT>'")
        }
        guard words.count == 2 else {
            throw Failure.unreadableToken("Bad Authorization header. Expected 'Authorization: Bearer <JWT>'")
        }
        let claims = try read(words[1])
        if purpose == .refresh, !claims.isRefresh { throw Failure.unreadableToken("Only refresh tokens are allowed") }
        if purpose == .access, claims.isRefresh {
            throw Failure.unreadableToken("Only non-refresh tokens are allowed")
        }
        return claims
    }

    /// The claims of a token whose signature and times are right.
    ///
    /// - Throws: ``Failure`` 401 when it has expired, 422 when it cannot be read or is not ours.
    func read(_ token: Substring) throws -> AccessClaims {
        let content = try known.content(of: token, verify: verified)
        try content.times.requireValid(at: now().timeIntervalSince1970)
        guard let claims = content.claims else { throw Failure.unreadableToken("Missing claim: sub") }
        return claims
    }

    private func verified(_ token: Substring) throws -> KnownTokens.Content {
        let parts = token.parts(between: ".")
        guard parts.count >= 3 else { throw Failure.unreadableToken("Not enough segments") }
        // Whoever else signs may write the members of the header in another order.
        if parts[0] != Self.header { try Self.check(header: try Self.document(parts[0], "header")) }
        let payload = try Self.document(parts[1], "payload")
        guard parts.count == 3, let signature = Base64URL.decode(parts[2]) else {
            throw Failure.unreadableToken("Invalid crypto padding")
        }
        let signed = Array(token[..<parts[1].endIndex].utf8)
        guard HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: signed, using: key) else {
            throw Failure.unreadableToken("Signature verification failed")
        }
        let times = try TokenTimes(payload)
        if let name = payload["jti"], name.stringValue == nil {
            throw Failure.unreadableToken("JWT ID must be a string")
        }
        return KnownTokens.Content(claims: AccessClaims(payload, times: times), times: times)
    }

    /// A header may ask for what its reader has to understand; nothing of it is understood here (RFC 7515, 4.1.11).
    private static func check(header: JSONValue) throws {
        let refusal: String? =
            if let critical = header["crit"] {
                "Unsupported critical extension: \(critical.arrayValue?.first?.stringValue ?? critical.text())"
            } else if header["b64"] == false {
                "Unsupported critical extension: b64"
            } else if let key = header["kid"], key.stringValue == nil {
                "Key ID header parameter must be a string"
            } else if header["alg"] == nil {
                "Algorithm not specified"
            } else if header["alg"]?.stringValue != "HS256" {
                "The specified alg value is not allowed"
            } else {
                nil
            }
        if let refusal { throw Failure.unreadableToken(refusal) }
    }

    private static func document(_ part: Substring, _ name: String) throws -> JSONValue {
        guard let bytes = Base64URL.decode(part) else { throw Failure.unreadableToken("Invalid \(name) padding") }
        let document: JSONValue
        do { document = try JSONValue(parsing: bytes) } catch {
            throw Failure.unreadableToken("Invalid \(name) string: \(error)")
        }
        guard document.objectValue != nil else {
            throw Failure.unreadableToken("Invalid \(name) string: must be a json object")
        }
        return document
    }
}
