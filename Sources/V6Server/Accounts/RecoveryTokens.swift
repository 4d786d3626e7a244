// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import V6Kit

/// The tokens that are mailed to users who lost something.
///
/// Each serves one purpose, once.
struct RecoveryTokens: Sendable {
    /// What a token is good for.
    enum Purpose: String, Sendable {
        case password
        case secondFactor = "second_factor"
    }

    let codec: TokenCodec
    let validityMinutes: Int
    let now: @Sendable () -> Date

    private static let invalid = Failure.invalid("Invalid recovery token!")

    /// A token for a user, with the claims of 4.15.2 and its purpose.
    func token(for user: Int64, purpose: Purpose) -> String {
        let moment = Int64(now().timeIntervalSince1970)
        return codec.sign([
            "fresh": false, "iat": .integer(moment), "jti": .string(UUID().uuidString.lowercased()),
            "type": "access", "sub": ["id": .string(String(user))], "nbf": .integer(moment),
            "csrf": .string(UUID().uuidString.lowercased()),
            "exp": .integer(moment + Int64(validityMinutes * 60)), "client_type": "container", "roles": [],
            "purpose": .string(purpose.rawValue),
        ])
    }

    /// Uses a token up and gives its user.
    ///
    /// A token that says nothing of its purpose was made by 4.15.2 and is good for a password, its commoner use.
    /// - Throws: ``Failure`` 401 when it has expired, 400 for anything else that is wrong with it.
    func redeem(_ token: String, purpose: Purpose, _ session: any SQLSession) throws -> Int64 {
        let (user, claims) = try check(token, purpose: purpose)
        guard try session.exists(#"SELECT 1 FROM "user" WHERE id = \#(user)"#) else { throw Self.invalid }
        let digest = Data(SHA256.hash(data: Data(token.utf8)))
        let moment = Int64(now().timeIntervalSince1970)
        try session.run("DELETE FROM v6_used_token WHERE expires < \(moment)")
        if try session.exists("SELECT 1 FROM v6_used_token WHERE digest = \(digest)") { throw Self.invalid }
        let expires = claims.expires ?? moment + 10 * 365 * 86400
        try session.run("INSERT INTO v6_used_token (digest, expires) VALUES (\(digest), \(expires))")
        return user
    }

    /// The user a token names, if it is a good one; whether it was used before is not looked at.
    func check(_ token: String, purpose: Purpose) throws -> (user: Int64, claims: AccessClaims) {
        let claims: AccessClaims
        do { claims = try codec.read(Substring(token)) } catch let failure as Failure where failure.status == 401 {
            throw failure
        } catch {
            throw Self.invalid
        }
        guard !claims.isRefresh, (claims.purpose ?? Purpose.password.rawValue) == purpose.rawValue,
            claims.subject["node_id"] == nil, let subject = claims.subject["id"],
            let user = subject.stringValue.flatMap({ Int64($0) }) ?? subject.intValue.map(Int64.init)
        else { throw Self.invalid }
        return (user, claims)
    }
}
