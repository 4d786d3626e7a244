// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// The configuration file: the keys of 4.15.2, and ours.
struct ConfigurationTests {
    private static func load(
        _ text: String, _ environment: [String: String] = [:]
    ) async throws -> (ServerConfiguration, warnings: [String]) {
        try await withTemporaryDirectory { folder in
            let file = folder.appendingPathComponent("server.yaml")
            try Data(("uri: sqlite:////tmp/x.sqlite\nport: 5000\n" + text).utf8).write(to: file)
            return try ServerConfiguration.load(path: file.path, environment: environment)
        }
    }

    @Test func everyKeyOfTheOriginalIsHonouredOrNamed() async throws {
        let (read, warnings) = try await Self.load(
            """
            description: d
            ip: 0.0.0.0
            api_path: v6/api/
            allow_drop_all: true
            server_name: demo
            server_url: https://server.example.org/
            jwt_secret_key: a secret of the tests
            token_expires_hours: 1
            refresh_token_expires_hours: "3"
            two_factor_auth: true
            password_policy:
              max_failed_attempts: 3
              inactivation_minutes: 7
              between_user_emails_minutes: 9
            smtp:
              server: mail.example.org
              port: 587
              username: u
              password: p
              MAIL_USE_TLS: false
              MAIL_USE_SSL: true
              email_from: from@example.org
              email_token_validity_minutes: 11
            support_email: help@example.org
            email_token_validity_minutes: 12
            cors_allowed_origins: [https://ui.example.org]
            rabbitmq: {uri: amqp://x, start_with_server: false}
            prometheus: {enabled: true, exporter_port: 7603, start_with_server: false}
            prometheus_port: 7604
            dev: {host_uri: http://172.17.0.1}
            debug: {flask: true, socketio: false}
            algorithm_stores: []
            images: {server: x}
            ui: {enabled: true}
            logging: {level: ERROR, use_console: true, file: s.log, backup_count: 2, max_size: 100, loggers: []}
            """)
        #expect(read.host == "0.0.0.0" && read.apiPath == "/v6/api" && read.serverName == "demo")
        #expect(read.serverURL == "https://server.example.org/v6/api" && read.secret == "a secret of the tests")
        #expect(read.accessLifetime == 3600 && read.refreshLifetime == 3 * 3600 && read.requiresSecondFactor)
        #expect(read.lockout.maxFailedAttempts == 3 && read.lockout.inactivationMinutes == 7)
        #expect(read.lockout.betweenEmailsMinutes == 9)
        let mail = try #require(read.mail)
        #expect(mail.transport.host == "mail.example.org" && mail.transport.port == 587 && mail.transport.usesTLS)
        #expect(mail.transport.username == "u" && mail.transport.password == "p" && !mail.transport.startsTLS)
        #expect(mail.transport.sender == "from@example.org" && mail.tokenValidityMinutes == 11)
        #expect(mail.supportAddress == "help@example.org" && read.corsOrigins == ["https://ui.example.org"])
        #expect(read.metrics.isEnabled && read.metrics.port == 7604 && read.developmentHost == "http://172.17.0.1")
        #expect(read.logging.level == .error && read.logging.maximumSize == 102_400)
        for key in [
            "rabbitmq", "debug", "algorithm_stores", "images", "ui", "email_token_validity_minutes",
            "prometheus.exporter_port", "prometheus.start_with_server",
        ] {
            #expect(warnings.contains { $0.contains(": \(key): ") }, "\(key) is not named in \(warnings)")
        }
        #expect(warnings.count == 8, "\(warnings)")
    }

    @Test func limitsAreKeys() async throws {
        let (read, warnings) = try await Self.load(
            """
            max_body_size: 1048576
            max_header_size: 16384
            max_connections: 77
            request_timeout_seconds: 5
            idle_timeout_seconds: 6.5
            rate_limit: {requests_per_second: 9, burst: 10}
            trusted_proxies: [10.0.0.1]
            refresh_token_overlap_seconds: 0
            plain_http_stores: store
            password_policy: {emails_per_address_and_hour: 4}
            """)
        #expect(warnings.isEmpty, "\(warnings)")
        #expect(read.limits.bodyBytes == 1_048_576 && read.limits.headerBytes == 16384)
        #expect(read.limits.connections == 77 && read.limits.requestSeconds == 5 && read.limits.idleSeconds == 6.5)
        #expect(read.limits.requestsPerSecond == 9 && read.limits.burst == 10)
        #expect(read.limits.trustedProxies == ["10.0.0.1"] && read.refreshOverlap == 0)
        #expect(read.plainStoreHosts == ["store"] && read.lockout.mailsPerAddressAndHour == 4)
    }

    @Test(arguments: [
        "request_timeout_seconds: 0", "max_header_size: 10", "rate_limit: {burst: 0}", "prometheus_port: x",
        "refresh_token_overlap_seconds: -1", "logging: {max_size: 1}", "smtp: {port: 0}", "rate_limit: 5",
    ])
    func wrongValuesAreNamed(text: String) async throws {
        let error = await #expect(throws: ConfigurationError.self) { try await Self.load(text) }
        #expect(error?.faults.first?.line == 3)
    }

    @Test func theEnvironmentNamesFileAndDatabase() async throws {
        let (read, _) = try await Self.load("", ["VANTAGE6_DB_URI": "postgresql://db/v6"])
        #expect(read.database == .postgres("postgresql://db/v6"))
        let options = try ServerOptions.parse(["--database", "sqlite:///x"])
        #expect(options.configurationFile([:]) == nil)
        #expect(options.configurationFile(["VANTAGE6_CONFIG_LOCATION": "/mnt/config.yaml"]) == "/mnt/config.yaml")
        let named = options.configurationFile(["VANTAGE6_CONFIG_NAME": "demo", "XDG_CONFIG_HOME": "/c"])
        #expect(named == "/c/vantage6/server/demo.yaml")
    }

    @Test func checkTriesEverythingAndNamesAllThatIsWrong() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("letter.txt").path
            try Data(String(repeating: "Dear reader, ", count: 100).utf8).write(to: URL(fileURLWithPath: path))
            let reader = try ConfigurationReader(
                text: "{server: 127.0.0.1, port: 1, username: '', MAIL_USE_TLS: false}", name: "smtp")
            var settings = ServerConfiguration(database: .sqlite(path: path))
            settings.mail = MailConfiguration(reader, support: nil)
            settings.secret = "short"
            settings.host = "192.0.2.1"
            let check = ServerCheck(settings: settings, environment: ["V6_ROOT_PASSWORD": "weak"])
            for part in [
                ServerCheck.Part.administrator, .signingSecret, .database, .mail, .address,
            ] {
                await #expect(throws: (any Error).self, "\(part)") { try await check.probe(part) }
            }
            #expect(try await check.probe(.log) == "to standard error")
        }
    }

    @Test func checkSignsInAtTheMailServer() async throws {
        let sink = try MailSink()
        let reader = try ConfigurationReader(
            text: "{server: 127.0.0.1, port: \(sink.port), username: '', MAIL_USE_TLS: false}", name: "smtp")
        var settings = ServerConfiguration(database: .sqlite(path: "/nowhere"))
        settings.mail = MailConfiguration(reader, support: nil)
        let check = ServerCheck(settings: settings, environment: [:])
        #expect(try await check.probe(.mail) == "127.0.0.1:\(sink.port) lets us in")
    }
}
