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

    /// The pair of tokens a user gets, as the answer to a login or a refresh.
    func session(
        userID: Int64, roles: [String], epoch: Int64, organizationID: Int64? = nil,
        lineage: TokenLineage = .login()
    ) -> JSONValue {
        var own = Self.account(epoch: epoch, lineage: lineage)
        if let organizationID { own["organization_id"] = .integer(organizationID) }
        return session(subject: .integer(userID), kind: .user, roles: roles, own: own)
    }

    /// The pair of tokens a node gets, as the answer to a login or a refresh.
    func session(nodeID: Int64, epoch: Int64, lineage: TokenLineage = .login()) -> JSONValue {
        session(
            subject: .integer(nodeID), kind: .node, roles: [], own: Self.account(epoch: epoch, lineage: lineage))
    }

    /// The claims of ours by which the tokens of an account can be ended.
    private static func account(epoch: Int64, lineage: TokenLineage) -> JSONObject {
        var claims: JSONObject = ["family": .string(lineage.family), "generation": .integer(lineage.generation)]
        if epoch > 0 { claims["epoch"] = .integer(epoch) }
        return claims
    }

    /// The token of an algorithm container.
    ///
    /// It names no moment of its end (4.15.2): it ends with the run it is for, or with the task where there is none.
    func container(_ identity: ContainerIdentity, run: Int64? = nil) -> String {
        token(
            subject: identity.subject, kind: .container, purpose: .access, roles: [], lifetime: nil,
            own: run.map { ["run_id": .integer($0)] } ?? [:])
    }

    private func session(
        subject: JSONValue, kind: Principal.Kind, roles: [String], own: JSONObject
    ) -> JSONValue {
        func token(_ purpose: TokenCodec.Purpose, _ lifetime: Int) -> String {
            self.token(subject: subject, kind: kind, purpose: purpose, roles: roles, lifetime: lifetime, own: own)
        }
        let (access, refresh) = (token(.access, accessLifetime), token(.refresh, refreshLifetime))
        return [
            "access_token": .string(access), "refresh_token": .string(refresh),
            "refresh_url": .string("\(apiPath)/token/refresh"),
            "\(kind.rawValue)_url": .string("\(apiPath)/\(kind.rawValue)/\(subject.text())"),
        ]
    }

    private func token(
        subject: JSONValue, kind: Principal.Kind, purpose: TokenCodec.Purpose, roles: [String], lifetime: Int?,
        own: JSONObject
    ) -> String {
        let moment = Int64(now().timeIntervalSince1970)
        var claims: JSONObject = [
            "fresh": false, "iat": .integer(moment), "jti": .string(UUID().uuidString.lowercased()),
            "type": .string(purpose.rawValue), "sub": subject, "nbf": .integer(moment),
            "csrf": .string(UUID().uuidString.lowercased()),
        ]
        if let lifetime { claims["exp"] = .integer(moment + Int64(lifetime)) }
        for (name, value) in own { claims[name] = value }
        claims["client_type"] = .string(kind.rawValue)
        claims["roles"] = .array(roles.map { .string($0) })
        return codec.sign(.object(claims))
    }
}
