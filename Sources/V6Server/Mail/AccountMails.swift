// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Decides who gets which mail, and sends it.
struct AccountMails: Sendable {
    let store: any Store
    let transport: SMTPTransport
    let configuration: MailConfiguration
    let policy: LockoutPolicy
    let tokens: RecoveryTokens
    let now: @Sendable () -> Timestamp

    private struct Recipient: Sendable {
        let id: Int64
        let name: String
        let email: String
    }

    /// Does a job.
    ///
    /// - Throws: `TransportError` when the mail server does not take the mail.
    func perform(_ job: MailQueue.Job, askedFrom address: String? = nil) async throws {
        if let address {
            let isRefused = try await store.write { session in try isTooMuch(for: address, session) }
            if isRefused { return }
        }
        switch job {
        case .passwordReset(let username, let email):
            // The name wins over the address (4.15.2).
            let condition: SQL = username.map { "username = \($0)" } ?? "email = \(email)"
            try await send(where: condition, limitedBy: "last_email_recover_password_sent") { recipient in
                .passwordReset(
                    token: tokens.token(for: recipient.id, purpose: .password),
                    minutes: configuration.tokenValidityMinutes)
            }
        case .secondFactorReset(let user):
            let isLimited = try await store.write { session in try noteSecondFactorMail(to: user, session) }
            guard !isLimited, let recipient = try await store.read({ try find("id = \(user)", $0) }) else { return }
            try await deliver(
                .secondFactorReset(
                    token: tokens.token(for: user, purpose: .secondFactor), minutes: configuration.tokenValidityMinutes),
                to: recipient)
        case .failedLogins(let user):
            let attempts = policy.maxFailedAttempts
            try await send(where: "id = \(user)", limitedBy: "last_email_failed_login_sent") { _ in
                .failedLogins(attempts: Int64(attempts), blockedMinutes: policy.inactivationMinutes)
            }
        }
    }

    /// Sends a mail unless one of its kind went out a short while ago, as a column of the user tells.
    private func send(
        where condition: SQL, limitedBy column: SQL, _ mail: @Sendable (Recipient) -> AccountMail
    ) async throws {
        let recipient: Recipient? = try await store.write { session in
            guard let found = try find(condition, session) else { return nil }
            let last = try session.row(#"SELECT \#(column) FROM "user" WHERE id = \#(found.id)"#)?.text(0)
            if isRecent(last) { return nil }
            try session.run(#"UPDATE "user" SET \#(column) = \#(now()) WHERE id = \#(found.id)"#)
            return found
        }
        if let recipient { try await deliver(mail(recipient), to: recipient) }
    }

    private func deliver(_ mail: AccountMail, to recipient: Recipient) async throws {
        try await transport.send(
            mail.message(to: recipient.email, name: recipient.name, support: configuration.supportAddress))
    }

    private func find(_ condition: SQL, _ session: any SQLSession) throws -> Recipient? {
        let row = try session.row(
            #"SELECT id, firstname, username, email FROM "user" WHERE \#(condition) ORDER BY id LIMIT 1"#)
        guard let row, let id = row.integer(0), let email = row.text(3) else { return nil }
        return Recipient(id: id, name: row.text(1) ?? row.text(2) ?? "user", email: email)
    }

    /// Notes a mail about the second factor; true when the last one is too recent for another.
    private func noteSecondFactorMail(to user: Int64, _ session: any SQLSession) throws -> Bool {
        let last = try session.row("SELECT sent_at FROM v6_second_factor_mail WHERE user_id = \(user)")?.text(0)
        if isRecent(last) { return true }
        try session.run("DELETE FROM v6_second_factor_mail WHERE user_id = \(user)")
        try session.run(
            "INSERT INTO v6_second_factor_mail (user_id, sent_at) VALUES (\(user), \(now().sqlText))")
        return false
    }

    /// Notes that an address asks for a mail; true when it has asked too often within the hour.
    private func isTooMuch(for address: String, _ session: any SQLSession) throws -> Bool {
        let moment = now().sqlText
        let hourAgo = now().adding(seconds: -3600).sqlText
        try session.run("DELETE FROM v6_mail_request WHERE asked_at < \(hourAgo)")
        let asked = try session.integer("SELECT count(*) FROM v6_mail_request WHERE address = \(address)") ?? 0
        if asked >= Int64(policy.mailsPerAddressAndHour) { return true }
        try session.run("INSERT INTO v6_mail_request (address, asked_at) VALUES (\(address), \(moment))")
        return false
    }

    private func isRecent(_ moment: String?) -> Bool {
        guard let moment = moment.flatMap({ Timestamp($0) }) else { return false }
        return now().seconds(since: moment) < Double(policy.betweenEmailsMinutes * 60)
    }
}
