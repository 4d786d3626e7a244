// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A new configuration file, which the original reads as well.
struct ConfigurationDraft: Sendable {
    var name: String
    var host = "127.0.0.1"
    var port = 7601
    var apiPath = "/api"
    var database: String
    var serverURL = ""
    var twoFactorAuth = false
    /// 256 random bits, as hexadecimal text.
    var secret = SigningSecret.random()

    init(name: String) {
        self.name = name
        database = "sqlite:///\(name).sqlite"
    }

    /// The text of the file.
    var yaml: String {
        func quoted(_ text: String) -> String { JSONValue.string(text).text() }
        let url =
            serverURL.isEmpty
            ? "# The address that clients use; algorithm stores are told it.\n# server_url: https://vantage6.example.org"
            : "# The address that clients use; algorithm stores are told it.\nserver_url: \(quoted(serverURL))"
        return """
            # Configuration of a vantage6 server. All keys: docs/operating.md.
            description: \(quoted(name))

            # Where the server listens. It speaks plain HTTP: let a proxy in front of it add TLS.
            ip: \(quoted(host))
            port: \(port)
            api_path: \(quoted(apiPath))
            \(url)

            # A relative SQLite file lies in the server's data folder. VANTAGE6_DB_URI in the environment wins.
            uri: \(quoted(database))
            # Whether `v6-server import --drop-all` may delete everything.
            allow_drop_all: false

            # Signs all tokens: who knows it can be anybody. Several servers on one database need the same.
            jwt_secret_key: \(secret)
            token_expires_hours: 6
            refresh_token_expires_hours: 48

            # Whether users must have a second factor (TOTP).
            two_factor_auth: \(twoFactorAuth)
            password_policy:
              max_failed_attempts: 5
              inactivation_minutes: 15
              between_user_emails_minutes: 60

            # Web pages that may read the answers; none unless they are listed.
            # cors_allowed_origins: ["https://ui.example.org"]

            # Without this section no mail is sent, and nobody can recover a password.
            # smtp:
            #   server: mail.example.org
            #   port: 587
            #   username: vantage6
            #   password: ""
            #   email_from: vantage6@example.org

            # Large inputs and results outside the database: a folder, or a bucket of S3.
            # large_result_store:
            #   type: disk
            #   folder: /var/lib/vantage6/blobs

            # Clear the results of completed runs after so many days.
            # runs_data_cleanup_days: 365

            logging:
              level: INFO
              file: server.log
              use_console: true
              backup_count: 5
              max_size: 1024
            \(LogConfiguration.forPython.map { "  \($0.key): \"\($0.usual)\"" }.joined(separator: "\n"))

            """
    }
}
