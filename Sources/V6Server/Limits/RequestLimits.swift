// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How much a client may ask for, and how long it may take over it.
///
/// Clear answers, and defaults far from what an ordinary client, a node, or a script with a hundred requests a second needs.
struct RequestLimits: Sendable, Hashable {
    /// The largest body of a request with a good token, in bytes; beyond: 413.
    var bodyBytes = 512 << 20
    /// The largest body of a request without one, in bytes: what needs no token has small bodies.
    var openBodyBytes = 64 << 10
    /// The largest request line and headers together, in bytes; beyond: 431.
    var headerBytes = 80 << 10
    /// Connections at the same time; beyond: 503.
    var connections = 20_000
    /// How long the headers of a request may take to arrive, and how long its body may pause, in seconds; beyond: 408.
    var requestSeconds = 60.0
    /// How long an unused connection is kept, in seconds: longer than proxies keep theirs.
    var idleSeconds = 90.0
    /// Requests a second that one account, or one address without a token, may send for long; 0 for any number.
    var requestsPerSecond = 1000
    /// Requests it may send at once before that rate counts; beyond: 429.
    var burst = 5_000
    /// The addresses of the proxies in front of the server, whose `X-Forwarded-For` is believed.
    var trustedProxies: Set<String> = []

    /// A body must come faster than this on the average, in bytes a second, once it has taken ``requestSeconds``.
    static let slowestBody = 1024.0

    /// The keys of the configuration file.
    static let keys = [
        "max_body_size", "max_header_size", "max_connections", "request_timeout_seconds", "idle_timeout_seconds",
        "rate_limit", "trusted_proxies",
    ]

    init() {}

    /// Reads the keys.
    init(_ reader: ConfigurationReader) {
        bodyBytes = reader.integer("max_body_size", in: 1024...Int(Int32.max)) ?? bodyBytes
        headerBytes = reader.integer("max_header_size", in: 4096...(1 << 20)) ?? headerBytes
        connections = reader.integer("max_connections", in: 1...1_000_000) ?? connections
        requestSeconds = Self.seconds(reader, "request_timeout_seconds") ?? requestSeconds
        idleSeconds = Self.seconds(reader, "idle_timeout_seconds") ?? idleSeconds
        if let section = reader.section("rate_limit") {
            requestsPerSecond = section.integer("requests_per_second", in: 0...1_000_000) ?? requestsPerSecond
            burst = section.integer("burst", in: 1...10_000_000) ?? max(burst, requestsPerSecond)
            section.warnUnknown(known: ["requests_per_second", "burst"])
        }
        trustedProxies = Set(reader.strings("trusted_proxies") ?? [])
    }

    private static func seconds(_ reader: ConfigurationReader, _ key: String) -> Double? {
        guard let value = reader.number(key) else { return nil }
        guard (1...86_400).contains(value) else {
            reader.fault(key, "expected a number of seconds from 1 to 86400, found \(value)")
            return nil
        }
        return value
    }
}
