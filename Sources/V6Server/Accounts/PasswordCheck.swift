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
    }

    /// The user with this name and password.
    ///
    /// The count of failures goes on until a full login (``AccountState/noteFullLogin(_:)``): where a second factor is
    /// asked for, the right password alone must not give new tries for its codes.
    ///
    /// Whether the account is blocked is decided after the hash, in the transaction that counts: tries that run at the same
    /// time are judged as if they had come one after the other.
    ///
    /// - Throws: ``Failure`` 401 "Failed to login".
    func user(named name: String, password: String, _ exchange: Exchange) async throws -> Int64 {
        let account = try await exchange.read { call in try find(name, call.session) }
        let isRight = try await hashing.verify(password, account?.hash ?? Self.decoy, for: exchange.owner)
        switch try await judge(account, isRight: isRight, exchange) {
        case .passed(let id): return id
        case .blocked(let id): mails.add(.failedLogins(user: id))
        case .refused: break
        }
        throw Failure.unauthorized("Failed to login")
    }

    private enum Judgement: Sendable {
        case passed(Int64)
        case blocked(Int64)
        case refused
    }

    private func find(_ name: String, _ session: any SQLSession) throws -> Account? {
        let row = try session.row(#"SELECT id, password FROM "user" WHERE username = \#(name)"#)
        guard let row, let id = row.integer(0) else { return nil }
        return Account(id: id, hash: row.text(1) ?? Self.decoy)
    }

    private func judge(_ account: Account?, isRight: Bool, _ exchange: Exchange) async throws -> Judgement {
        try await exchange.write { call in
            guard let account else {
                try pretend(call.session)
                return .refused
            }
            if try policy.isBlocked(account.id, at: now(), call.session) {
                try pretend(call.session)
                return .blocked(account.id)
            }
            if isRight { return .passed(account.id) }
            try policy.countFailure(of: account.id, at: now(), call.session)
            return .refused
        }
    }

    /// Writes something, because counting a failure does: a name nobody has must not be answered sooner.
    private func pretend(_ session: any SQLSession) throws {
        try session.run(
            """
            INSERT INTO v6_sequence (name, last) VALUES ('refused login', 1)
                ON CONFLICT (name) DO UPDATE SET last = 1 - v6_sequence.last
            """)
    }
}
