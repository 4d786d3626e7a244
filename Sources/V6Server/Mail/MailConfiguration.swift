// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The section `smtp`; without it no mail is sent.
struct MailConfiguration: Sendable {
    var transport: SMTPTransport.Configuration
    /// How long mailed tokens are good for, in minutes.
    var tokenValidityMinutes = 60
    /// Whom mails name for questions.
    var supportAddress = "support@vantage6.ai"

    /// Reads the section, with the defaults of 4.15.2.
    init(_ section: ConfigurationReader, support: String?) {
        let username = section.string("username") ?? ""
        transport = SMTPTransport.Configuration(
            host: section.string("server") ?? "localhost",
            port: section.integer("port", in: 1...65535) ?? 1025,
            username: username.isEmpty ? nil : username,
            password: section.string("password"),
            startsTLS: section.bool("MAIL_USE_TLS") ?? true,
            usesTLS: section.bool("MAIL_USE_SSL") ?? false,
            sender: section.string("email_from") ?? "noreply@vantage6.ai")
        tokenValidityMinutes = section.integer("email_token_validity_minutes", in: 1...100_000) ?? tokenValidityMinutes
        supportAddress = support ?? supportAddress
        section.warnUnknown(known: [
            "server", "port", "username", "password", "MAIL_USE_TLS", "MAIL_USE_SSL", "email_from",
            "email_token_validity_minutes",
        ])
    }
}
