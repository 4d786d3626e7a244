// SPDX-License-Identifier: Apache-2.0

/// What we remember of accounts beside the columns of 4.15.
struct AccountState {
    let session: any SQLSession

    /// Ends all tokens of a user or node that were issued before.
    func endTokens(of id: Int64) throws {
        try session.run(
            """
            INSERT INTO v6_account (id, epoch, mailed_password) VALUES (\(id), 1, 0)
                ON CONFLICT (id) DO UPDATE SET epoch = v6_account.epoch + 1
            """)
    }

    /// Ends all tokens of every user who holds a role, because what it allows has changed.
    func endTokens(ofHolders role: Int64) throws {
        try session.run(
            #"""
            INSERT INTO v6_account (id, epoch, mailed_password)
                SELECT DISTINCT user_id, 1, 0 FROM "Permission" WHERE role_id = \#(role) AND user_id IS NOT NULL
                ON CONFLICT (id) DO UPDATE SET epoch = v6_account.epoch + 1
            """#)
    }

    /// The number of times the tokens of a user or node were ended.
    func epoch(of id: Int64) throws -> Int64 {
        try session.integer("SELECT epoch FROM v6_account WHERE id = \(id)") ?? 0
    }

    /// Notes that the password was set by a mailed token, and nothing but the mailbox was shown.
    func noteMailedPassword(_ id: Int64) throws {
        try endTokens(of: id)
        try session.run("UPDATE v6_account SET mailed_password = 1 WHERE id = \(id)")
    }

    /// Notes that the user has shown everything a login asks for.
    func noteFullLogin(_ id: Int64) throws {
        try session.run(
            #"UPDATE "user" SET failed_login_attempts = 0 WHERE id = \#(id) AND failed_login_attempts <> 0"#)
        try session.run("UPDATE v6_account SET mailed_password = 0 WHERE id = \(id) AND mailed_password <> 0")
    }

    /// Whether the password was set by a mailed token since the last full login.
    func hasMailedPassword(_ id: Int64) throws -> Bool {
        try session.exists("SELECT 1 FROM v6_account WHERE id = \(id) AND mailed_password <> 0")
    }

    /// Forgets a user or node that is deleted.
    func forget(_ id: Int64) throws { try session.run("DELETE FROM v6_account WHERE id = \(id)") }
}
