// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The `policies` section: what may run here.
struct PolicyConfiguration: Sendable, Hashable {
    var allowsBasics = true
    /// Identifiers or names of users; empty for no opinion.
    var users: [String] = []
    /// Identifiers or names of organizations; empty for no opinion.
    var organizations: [String] = []
    /// Names or patterns of images; empty for no opinion.
    var algorithms: [PolicyEntry] = []
    /// Addresses or patterns of algorithm stores; empty for no opinion.
    var stores: [PolicyEntry] = []
    /// Whether one of the two lists above is enough.
    var acceptsEither = false
    /// Whether an image that cannot be pulled must not run.
    var requiresPull = true
}
