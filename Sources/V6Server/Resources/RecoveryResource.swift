// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// `/recover`, apart from `/recover/node`.
struct RecoveryResource {
    let passwords: PasswordCheck
    let secondFactor: SecondFactor
    let tokens: RecoveryTokens
    let mails: MailQueue

    var routes: [Route] {
        [
            Route(
                "POST", "/recover/lost", .anyone, "Mails a token to reset the password.", body: Schemas.recoverLost,
                answers: [.message], .stepping(lostPassword)),
            Route(
                "POST", "/recover/reset", .anyone, "Resets the password with a mailed token.",
                body: Schemas.recoverReset, answers: [.message], refusals: [401], .stepping(resetPassword)),
            Route(
                "POST", "/recover/2fa/lost", .anyone, "Mails a token to reset the second factor.",
                body: Schemas.recoverSecondFactor, answers: [.message], refusals: [401], .stepping(lostSecondFactor)),
            Route(
                "POST", "/recover/2fa/reset", .anyone, "Resets the second factor with a mailed token.",
                body: Schemas.resetSecondFactor, answers: [.ok(Objects.enrolment)], refusals: [401],
                .writing(resetSecondFactor)),
        ]
    }

    private func lostPassword(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.route.body(of: exchange.request)
        mails.add(
            .passwordReset(username: body["username"]?.stringValue, email: body["email"]?.stringValue),
            askedFrom: exchange.request.address)
        return .message("If the username or email is in our database you will soon receive an email.")
    }

    private func resetPassword(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.route.body(of: exchange.request)
        let token = body["reset_token"]?.stringValue ?? ""
        // Before the expensive hash: a flood of bad tokens must not cost what a login costs.
        _ = try tokens.check(token, purpose: .password)
        let hash = try await passwords.hashing.hash(
            body["password"]?.stringValue ?? "", for: exchange.owner)
        return try await exchange.write { call in
            let user = try tokens.redeem(token, purpose: .password, call.session)
            try call.session.run(
                #"UPDATE "user" SET password = \#(hash), failed_login_attempts = 0 WHERE id = \#(user)"#)
            try AccountState(session: call.session).noteMailedPassword(user)
            return .message("The password has successfully been reset!")
        }
    }

    private func lostSecondFactor(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.route.body(of: exchange.request)
        let user = try await passwords.user(
            named: body["username"]?.stringValue ?? "", password: body["password"]?.stringValue ?? "", exchange)
        guard mails.canSend else {
            throw Failure.invalid(
                "No mailserver settings found in server configuration - cannot send you an email to reset your 2FA! "
                    + "Contact your administrator.")
        }
        // Who set the password by mail has shown nothing but the mailbox, which alone must never be enough.
        let hasOnlyMailbox = try await exchange.read { call in
            try AccountState(session: call.session).hasMailedPassword(user)
        }
        if !hasOnlyMailbox { mails.add(.secondFactorReset(user: user), askedFrom: exchange.request.address) }
        return .message("You should have received an email that will allow you to reset your 2FA.")
    }

    private func resetSecondFactor(_ call: Call) throws -> Reply {
        let token = try call.body()["reset_token"]?.stringValue ?? ""
        let user = try tokens.redeem(token, purpose: .secondFactor, call.session)
        return .json(try secondFactor.enrol(user, call.session))
    }
}
