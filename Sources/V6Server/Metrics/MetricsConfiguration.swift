// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The section `prometheus` and the key `prometheus_port`.
struct MetricsConfiguration: Sendable, Hashable {
    /// Whether there are figures at all.
    var isEnabled = false
    /// A port of their own; nil to give them beside the API.
    var port: Int?
    /// The address that port is opened at.
    var host = "127.0.0.1"
    /// What callers must show as a bearer token; nil when nobody must.
    var token: String?

    init() {}

    /// Reads the keys.
    init(_ reader: ConfigurationReader) {
        port = reader.integer("prometheus_port", in: 1...65535)
        guard let section = reader.section("prometheus") else { return }
        isEnabled = section.bool("enabled") ?? isEnabled
        host = section.string("host") ?? host
        token = section.string("token")
        section.warnUnknown(known: ["enabled", "host", "token", "start_with_server", "exporter_port", "image"])
        for key in ["start_with_server", "image"] where section.has(key) {
            section.warn(key, "is not used: start Prometheus yourself")
        }
        if section.has("exporter_port") { section.warn("exporter_port", "is not read; see prometheus_port") }
    }
}
