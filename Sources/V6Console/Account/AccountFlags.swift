// SPDX-License-Identifier: Apache-2.0

/// What the command line says about server and account; each wins over environment and profile.
struct AccountFlags: Sendable, Equatable {
    var profile: String?
    var server: String?
    var apiPath: String?
    var username: String?
    var privateKey: String?
    var collaboration: String?
    var readOnly = false
}
