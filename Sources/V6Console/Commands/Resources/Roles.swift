// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Roles as `role list` and `show` present them.
enum RoleResource: DeletableResource {
    typealias Scope = NoScope

    static let record = RecordKind.role
    static let columns: [RecordColumn] = [
        .member("id", .number),
        .member("name"),
        .link("organization", to: .organization),
        .derived("default") { record, _ in record["is_default_role"]?.boolValue == true ? "yes" : "no" },
        .member("description"),
    ]
}
