// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The second step of a login where `two_factor_auth` is on.
struct SecondFactor: Sendable {
    let isRequired: Bool
    /// What authenticator apps show beside the account.
    let issuer: String
    let policy: LockoutPolicy
    let now: @Sendable () -> Date

    /// What still stands between a user with the right password and the tokens: nil when nothing does.
    ///
    /// - Throws: ``Failure`` 401 for a wrong code, and for one that was used before.
    func challenge(_ user: Int64, code: String?, _ exchange: Exchange) async throws -> JSONValue? {
        guard isRequired else { return nil }
        let moment = now()
        let outcome: Outcome = try await exchange.write { call in
            guard let row = try call.session.row(#"SELECT otp_secret FROM "user" WHERE id = \#(user)"#) else {
                return .wrong
            }
            guard let secret = row.text(0), !secret.isEmpty else {
                return .question(try enrol(user, call.session))
            }
            guard let code, !code.isEmpty else {
                return .question(["msg": "Please include your two-factor authentication code"])
            }
            // Again, now that it is this one's turn: codes that were sent at the same time are judged one by one.
            if try policy.isBlocked(user, at: Timestamp(moment), call.session) { return .wrong }
            guard let step = TOTP(secret: secret).step(of: code, at: moment),
                try use(step, of: user, call.session)
            else {
                try policy.countFailure(of: user, at: Timestamp(moment), call.session)
                return .wrong
            }
            return .passed
        }
        switch outcome {
        case .passed: return nil
        case .question(let question): return question
        case .wrong: throw Failure.unauthorized("Your two-factor authentication code is incorrect!")
        }
    }

    private enum Outcome: Sendable {
        case passed, wrong
        case question(JSONValue)
    }

    /// Gives a user a new secret and tells it, this once.
    func enrol(_ user: Int64, _ session: any SQLSession) throws -> JSONValue {
        let secret = TOTP.random()
        let name = try session.row(#"SELECT username FROM "user" WHERE id = \#(user)"#)?.text(0) ?? ""
        try session.run("DELETE FROM v6_totp WHERE user_id = \(user)")
        try session.run(#"UPDATE "user" SET otp_secret = \#(secret.secret) WHERE id = \#(user)"#)
        return [
            "qr_uri": .string(secret.uri(account: name, issuer: issuer)), "otp_secret": .string(secret.secret),
            "msg": .string(
                "Two-factor authentication is obligatory on this server. Please visualize the QR code to set up "
                    + "authentication."),
        ]
    }

    /// Marks the step of a code as used; false when it, or a later one, was used already.
    private func use(_ step: Int64, of user: Int64, _ session: any SQLSession) throws -> Bool {
        if let last = try session.integer("SELECT step FROM v6_totp WHERE user_id = \(user)"), last >= step {
            return false
        }
        try session.run(
            """
            INSERT INTO v6_totp (user_id, step) VALUES (\(user), \(step))
                ON CONFLICT (user_id) DO UPDATE SET step = excluded.step
            """)
        return true
    }
}
