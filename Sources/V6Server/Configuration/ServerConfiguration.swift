// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Everything an operator can set, with the defaults of 4.15.2 where it has one.
struct ServerConfiguration: Sendable {
    var host = "127.0.0.1"
    var port = 5000
    /// The path before all endpoints: empty, or with a slash in front and none behind.
    var apiPath = "/api"
    var database: DatabaseAddress
    /// The public address of this server, with the API path; nil when it was not told.
    var serverURL: String?
    /// Shown by authenticator apps.
    var serverName = "cotopaxi"
    /// The signing secret of all tokens; nil for one of our own, kept beside the database.
    var secret: String?
    var accessLifetime = 6 * 3600
    var refreshLifetime = 48 * 3600
    /// How long a used refresh token is taken again, in seconds: two threads of one client may refresh at once.
    var refreshOverlap = 10
    var requiresSecondFactor = false
    var lockout = LockoutPolicy()
    /// The web pages that may read our answers; empty for none.
    var corsOrigins: [String] = []
    var logging = LogConfiguration()
    var metrics = MetricsConfiguration()
    /// How mails are sent; nil when none are.
    var mail: MailConfiguration?
    /// Where large inputs and results are kept; nil when they are kept in the database.
    var blobs: BlobConfiguration?
    /// Which results are cleared when they are old; nil for none.
    var cleanup: RunCleanup.Rule?
    /// Hosts of algorithm stores that are trusted without TLS.
    var plainStoreHosts: Set<String> = []
    /// What stands for this machine in the addresses of algorithm stores; nil when nothing does.
    var developmentHost: String?
    /// What bounds a client.
    var limits = RequestLimits()

    /// Whether `import --drop-all` may delete everything.
    var allowsDropAll = false
    /// Whether nodes are to be told of a VPN, which this server cannot give them.
    var expectsVPN = false
    /// How much Socket.IO clients may ask for.
    var realtime = RealtimeSettings()

    init(database: DatabaseAddress) { self.database = database }
}

extension ServerConfiguration {
    private static let known = [
        "description", "ip", "port", "uri", "allow_drop_all", "logging", "api_path", "server_name", "server_url",
        "jwt_secret_key", "token_expires_hours", "refresh_token_expires_hours", "two_factor_auth", "password_policy",
        "smtp", "support_email", "cors_allowed_origins", "rabbitmq", "vpn_server", "large_result_store",
        "runs_data_cleanup_days", "runs_data_cleanup_include_input", "email_token_validity_minutes", "prometheus",
        "prometheus_port", "dev", "debug",
        "algorithm_stores", "images", "ui", "realtime", "refresh_token_overlap_seconds", "plain_http_stores",
    ]

    /// Reads a configuration file with the keys of 4.15.2.
    ///
    /// - Throws: `ConfigurationError` with every fault of the file, each with its line and key.
    static func load(path: String, environment: [String: String]) throws -> (ServerConfiguration, warnings: [String]) {
        let reader = try ConfigurationReader.load(path: path)
        let directories = BaseDirectories(program: "vantage6/server", environment: environment)
        let address = environment["VANTAGE6_DB_URI"] ?? reader.string("uri", required: true)
        let database = address.flatMap { DatabaseAddress($0, folder: directories.data) }
        if let address, database == nil {
            reader.fault("uri", "expected sqlite:///FILE or postgresql://…, found \"\(address)\"")
        }
        var configuration = ServerConfiguration(database: database ?? .sqlite(path: ""))
        configuration.read(reader, environment, stateFolder: directories.state)
        reader.warnUnknown(known: known + RequestLimits.keys)
        try reader.finish()
        return (configuration, reader.warnings.map(\.description))
    }

    private mutating func read(
        _ reader: ConfigurationReader, _ environment: [String: String], stateFolder: String
    ) {
        host = reader.string("ip") ?? host
        port = reader.integer("port", in: 0...65535, required: true) ?? port
        apiPath = Self.normalized(apiPath: reader.string("api_path") ?? (reader.has("api_path") ? "" : apiPath))
        serverName = reader.string("server_name") ?? serverName
        serverURL = reader.string("server_url").map { url in
            let bare = url.hasSuffix("/") ? String(url.dropLast()) : url
            return bare.hasSuffix(apiPath) ? bare : bare + apiPath
        }
        secret = reader.string("jwt_secret_key")
        if let secret, secret.utf8.isEmpty {
            reader.fault("jwt_secret_key", "expected a long random text, found nothing")
        }
        readLifetimes(reader)
        requiresSecondFactor = reader.bool("two_factor_auth") ?? requiresSecondFactor
        if let policy = reader.section("password_policy") {
            lockout.maxFailedAttempts = policy.integer("max_failed_attempts", in: 1...1000) ?? lockout.maxFailedAttempts
            lockout.inactivationMinutes =
                policy.integer("inactivation_minutes", in: 0...100_000) ?? lockout.inactivationMinutes
            lockout.betweenEmailsMinutes =
                policy.integer("between_user_emails_minutes", in: 0...100_000) ?? lockout.betweenEmailsMinutes
            lockout.mailsPerAddressAndHour =
                policy.integer("emails_per_address_and_hour", in: 1...1_000_000) ?? lockout.mailsPerAddressAndHour
            policy.warnUnknown(known: [
                "max_failed_attempts", "inactivation_minutes", "between_user_emails_minutes",
                "emails_per_address_and_hour",
            ])
        }
        corsOrigins = reader.strings("cors_allowed_origins") ?? []
        mail = reader.section("smtp").map { MailConfiguration($0, support: reader.string("support_email")) }
        allowsDropAll = reader.bool("allow_drop_all") ?? allowsDropAll
        expectsVPN = reader.has("vpn_server")
        if let section = reader.section("realtime") { realtime = RealtimeSettings(section) }
        blobs = reader.section("large_result_store").flatMap { BlobConfiguration($0, environment: environment) }
        // Any number below 1 clears nothing (4.15.2).
        if let days = reader.integer("runs_data_cleanup_days"), days >= 1 {
            cleanup = RunCleanup.Rule(
                days: min(days, 100_000), includesInput: reader.bool("runs_data_cleanup_include_input") ?? false)
        }
        plainStoreHosts = Set(reader.strings("plain_http_stores") ?? [])
        if let section = reader.section("dev") {
            developmentHost = section.string("host_uri")
            section.warnUnknown(known: ["host_uri", "store_in_local_cluster"])
        }
        limits = RequestLimits(reader)
        metrics = MetricsConfiguration(reader)
        if let section = reader.section("logging") { logging = LogConfiguration(section, folder: stateFolder) }
        warnOfUnused(reader)
    }

    /// Lifetimes that make no sense fall back to the defaults, as in 4.15.2; what is no number at all is a fault.
    private mutating func readLifetimes(_ reader: ConfigurationReader) {
        if let hours = reader.number("token_expires_hours"), hours >= 0.5, hours < 1_000_000 {
            accessLifetime = Int(hours * 3600)
        }
        if let hours = reader.number("refresh_token_expires_hours"), hours < 1_000_000,
            Int(hours * 3600) > accessLifetime
        {
            refreshLifetime = Int(hours * 3600)
        }
        refreshOverlap = reader.integer("refresh_token_overlap_seconds", in: 0...3600) ?? refreshOverlap
    }

    /// A path with a slash in front and none behind; empty for none.
    static func normalized(apiPath: String) -> String {
        let segments = apiPath.split(separator: "/").joined(separator: "/")
        return segments.isEmpty ? "" : "/" + segments
    }
}
