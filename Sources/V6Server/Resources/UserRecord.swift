// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A row of the table `user` with its row of `authenticatable`.
///
/// Neither the password nor the TOTP secret is read.
struct UserRecord: Sendable {
    /// What to select from.
    static let source: SQL = #""user" JOIN authenticatable ON authenticatable.id = "user".id"#
    /// The columns ``init(_:)`` reads, in order.
    static let columns: SQL = #"""
        "user".id, "user".username, "user".firstname, "user".lastname, "user".email, "user".organization_id,
        "user".last_email_failed_login_sent, "user".last_email_recover_password_sent, authenticatable.ip,
        authenticatable.last_seen, authenticatable.status
        """#

    let id: Int64
    let username: String?
    let firstname: String?
    let lastname: String?
    let email: String?
    let organizationID: Int64?
    let lastFailureMail: String?
    let lastRecoveryMail: String?
    let ip: String?
    let lastSeen: String?
    let status: String?

    init(_ row: SQLRow) {
        id = row.integer(0) ?? 0
        username = row.text(1)
        firstname = row.text(2)
        lastname = row.text(3)
        email = row.text(4)
        organizationID = row.integer(5)
        lastFailureMail = row.text(6)
        lastRecoveryMail = row.text(7)
        ip = row.text(8)
        lastSeen = row.text(9)
        status = row.text(10)
    }

    /// The user with an identifier; nil when there is none.
    static func find(_ id: Int64, _ session: any SQLSession) throws -> UserRecord? {
        try session.row(#"SELECT \#(columns) FROM \#(source) WHERE "user".id = \#(id)"#).map(UserRecord.init)
    }

    /// The object clients see.
    ///
    /// `otp_secret` is always null: 4.15.2 shows the secret to whoever may view the user.
    func json(_ links: Links) -> JSONValue {
        [
            "roles": links.many("role", by: "user_id", id), "rules": links.many("rule", by: "user_id", id),
            "organization": links.one(.organization, organizationID), "id": .integer(id), "type": "user",
            "ip": .optional(ip), "last_seen": .time(lastSeen), "status": .optional(status),
            "username": .optional(username), "firstname": .optional(firstname), "lastname": .optional(lastname),
            "email": .optional(email), "otp_secret": .null,
            "last_email_failed_login_sent": .time(lastFailureMail),
            "last_email_recover_password_sent": .time(lastRecoveryMail),
        ]
    }
}
