// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The transport of a command.
enum CommandTransport {
    /// A transport that trusts the authorities in the file of `SSL_CERT_FILE` or `REQUESTS_CA_BUNDLE`, else those of the system.
    static func make(_ environment: [String: String]) -> CurlTransport {
        let file = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"].compactMap { environment[$0] }.first { !$0.isEmpty }
        return CurlTransport(configuration: .init(caFile: file))
    }
}
