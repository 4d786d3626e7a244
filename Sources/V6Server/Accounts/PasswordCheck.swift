// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Checks a user's password, with the lock-out that guards it.
///
/// A known name, an unknown one and a blocked account take the same time and get the same answer.
struct PasswordCheck: Sendable {
    let hashing: HashingPool
    let policy: LockoutPolicy
    let mails: MailQueue
    let now: @Sendable () -> Timestamp

    /// A hash nobody has the password of, for the time it takes.
    private static let decoy = "$2b$12$rDx3OeEeZWBqjBhkesylaep69XP1efKbZPzu2YRwknpbpx1sgkcY."

    private struct Account: Sendable {
        let id: Int64
        let hash: String
        let isBlocked: Bool
    }

    /// The user with this name and password.
    ///
    /// The count of failures goes on until a full login (``AccountState/noteFullLogin(_:)``): where a second factor is
    /// asked for, the right password alone must not give new tries for its codes.
    ///
    /// - Throws: ``Failure`` 401 "Failed to login".
    func user(named name: String, password: String, _ exchange: Exchange) async throws -> Int64 {
        let account = try await exchange.read { call in try find(name, call.session) }
        let isRight = try await hashing.verify(password, account?.hash ?? Self.decoy)
        guard let account, isRight, !account.isBlocked else {
            if let account {
                if account.isBlocked {
                    mails.add(.failedLogins(user: account.id))
                } else {
                    try await note(failureOf: account.id, exchange)
                }
            }
            throw Failure.unauthorized("Failed to login")
        }
        return account.id
    }

    private func find(_ name: String, _ session: any SQLSession) throws -> Account? {
        let row = try session.row(
            #"""
            SELECT id, password, failed_login_attempts, last_login_attempt FROM "user" WHERE username = \#(name)
            """#)
        guard let row, let id = row.integer(0) else { return nil }
        let last = row.text(3).flatMap { Timestamp($0) }
        return Account(
            id: id, hash: row.text(1) ?? Self.decoy,
            isBlocked: policy.isBlocked(failures: row.integer(2) ?? 0, last: last, at: now()))
    }

    private func note(failureOf id: Int64, _ exchange: Exchange) async throws {
        try await exchange.write { call in
            let failures = try call.session.integer(
                #"SELECT coalesce(failed_login_attempts, 0) FROM "user" WHERE id = \#(id)"#)
            _ = try call.session.run(
                #"""
                UPDATE "user" SET failed_login_attempts = \#(policy.failures(after: failures ?? 0)),
                    last_login_attempt = \#(now()) WHERE id = \#(id)
                """#)
        }
    }
}
