// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Users as `user list` and `show` present them; the server's `otp_secret` is left out on purpose.
enum UserResource: DeletableResource {
    typealias Scope = NoScope

    static let record = RecordKind.user
    static let timeMember: String? = "last_seen"
    static let columns: [RecordColumn] = [
        .member("id", .number),
        .member("username"),
        .link("organization", to: .organization),
        .member("firstname"),
        .member("lastname"),
        .member("email"),
        .member("last_seen", .time),
    ]
}
