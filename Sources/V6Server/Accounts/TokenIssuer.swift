// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Issues tokens with the claims of 4.15.2.
struct TokenIssuer: Sendable {
    let codec: TokenCodec
    /// How long access tokens are good for, in seconds.
    let accessLifetime: Int
    /// How long refresh tokens are good for, in seconds.
    let refreshLifetime: Int
    let apiPath: String
    let now: @Sendable () -> Date

    /// The pair of tokens a user gets, as the answer to a login.
    func session(userID: Int64, roles: [String]) -> JSONValue {
        session(subject: .integer(userID), kind: .user, roles: roles)
    }

    /// The pair of tokens a node gets, as the answer to a login.
    func session(nodeID: Int64) -> JSONValue { session(subject: .integer(nodeID), kind: .node, roles: []) }

    /// The token of an algorithm container. It has no end of its own (4.15.2).
    func container(_ identity: ContainerIdentity) -> String {
        token(subject: identity.subject, kind: .container, purpose: .access, roles: [], lifetime: nil)
    }

    private func session(subject: JSONValue, kind: Principal.Kind, roles: [String]) -> JSONValue {
        let access = token(subject: subject, kind: kind, purpose: .access, roles: roles, lifetime: accessLifetime)
        let refresh = token(subject: subject, kind: kind, purpose: .refresh, roles: roles, lifetime: refreshLifetime)
        return [
            "access_token": .string(access), "refresh_token": .string(refresh),
            "refresh_url": .string("\(apiPath)/token/refresh"),
            "\(kind.rawValue)_url": .string("\(apiPath)/\(kind.rawValue)/\(subject.text())"),
        ]
    }

    private func token(
        subject: JSONValue, kind: Principal.Kind, purpose: TokenCodec.Purpose, roles: [String], lifetime: Int?
    ) -> String {
        let moment = Int64(now().timeIntervalSince1970)
        var claims: JSONObject = [
            "fresh": false, "iat": .integer(moment), "jti": .string(UUID().uuidString.lowercased()),
            "type": .string(purpose.rawValue), "sub": subject, "nbf": .integer(moment),
            "csrf": .string(UUID().uuidString.lowercased()),
        ]
        if let lifetime { claims["exp"] = .integer(moment + Int64(lifetime)) }
        claims["client_type"] = .string(kind.rawValue)
        claims["roles"] = .array(roles.map { .string($0) })
        return codec.sign(.object(claims))
    }
}
