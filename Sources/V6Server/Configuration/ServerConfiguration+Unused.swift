// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension ServerConfiguration {
    /// Names what 4.15.2 reads and this server does not, each with what to do instead.
    func warnOfUnused(_ reader: ConfigurationReader) {
        let unused: [(key: String, message: String)] = [
            ("rabbitmq", "is not needed: servers on one PostgreSQL database tell each other of events"),
            ("algorithm_stores", "is not used, as in 4.15.2: couple stores over the API"),
            ("images", "is not used: it names container images of the original"),
            ("ui", "is not used: it starts the web interface of the original"),
            ("debug", "is not used; see logging.level"),
        ]
        for (key, message) in unused where reader.has(key) { reader.warn(key, message) }
        if reader.has("email_token_validity_minutes") {
            reader.warn("email_token_validity_minutes", "has no effect here, as in 4.15.2; it belongs into smtp")
        }
    }
}
