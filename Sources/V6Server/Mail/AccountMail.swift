// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The mails about accounts, with the subjects of 4.15.2.
enum AccountMail: Sendable, Hashable {
    case failedLogins(attempts: Int64, blockedMinutes: Int)
    case passwordReset(token: String, minutes: Int)
    case secondFactorReset(token: String, minutes: Int)

    /// The mail to a user.
    func message(to address: String, name: String, support: String) -> MailMessage {
        MailMessage(
            recipient: address, subject: subject,
            text: "Dear \(name),\n\n\(body)\n\nIf this was not you, please tell \(support).\n")
    }

    private var subject: String {
        switch self {
        case .failedLogins: "Failed login attempts on your vantage6 account"
        case .passwordReset: "Password reset vantage6"
        case .secondFactorReset: "Two-factor authentication reset vantage6"
        }
    }

    private var body: String {
        switch self {
        case .failedLogins(let attempts, let minutes):
            "Somebody tried to log in to your account and failed \(attempts) times. It is therefore blocked for "
                + "\(minutes) minutes."
        case .passwordReset(let token, let minutes):
            "Somebody asked to reset the password of your account. The token below does it once, within \(minutes) "
                + "minutes:\n\n\(token)"
        case .secondFactorReset(let token, let minutes):
            "Somebody asked to reset the two-factor authentication of your account. The token below does it once, "
                + "within \(minutes) minutes:\n\n\(token)"
        }
    }
}
