// SPDX-License-Identifier: Apache-2.0

/// A named way into one server: everything but the secrets.
struct Profile: Sendable, Hashable {
    var name: String
    var url: String
    var apiPath: String?
    var username: String?
    /// Path of the organization's private key, PEM.
    var privateKey: String?
    /// Name or identifier of the collaboration that commands use when none is given.
    var collaboration: String?
    /// Refuse every write through this profile.
    var readOnly = false
    /// How its name looks in the header, such as `white on red`; nil as everything else there.
    var colour: String?
}
