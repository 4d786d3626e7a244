// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The failures of accounts as the database counts them, so that they count across processes.
extension LockoutPolicy {
    /// Whether an account is blocked.
    func isBlocked(_ user: Int64, at now: Timestamp, _ session: any SQLSession) throws -> Bool {
        let row = try session.row(
            #"SELECT failed_login_attempts, last_login_attempt FROM "user" WHERE id = \#(user)"#)
        guard let row else { return false }
        return isBlocked(failures: row.integer(0) ?? 0, last: row.text(1).flatMap { Timestamp($0) }, at: now)
    }

    /// Counts a wrong password or code.
    func countFailure(of user: Int64, at now: Timestamp, _ session: any SQLSession) throws {
        let failures = try session.integer(
            #"SELECT coalesce(failed_login_attempts, 0) FROM "user" WHERE id = \#(user)"#)
        try session.run(
            #"""
            UPDATE "user" SET failed_login_attempts = \#(self.failures(after: failures ?? 0)),
                last_login_attempt = \#(now) WHERE id = \#(user)
            """#)
    }
}
