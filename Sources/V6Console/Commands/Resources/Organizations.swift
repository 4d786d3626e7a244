// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Organizations as `organization list` and `show` present them.
enum OrganizationResource: DeletableResource {
    typealias Scope = CollaborationScope

    static let record = RecordKind.organization
    static let columns: [RecordColumn] = [
        .member("id", .number),
        .member("name"),
        .member("country"),
        .member("domain"),
        .derived("key") { record, _ in
            guard let wire = record["public_key"]?.stringValue, !wire.isEmpty else { return "none" }
            do { return .string(try PublicKey(wire: wire).fingerprint) } catch { return "unreadable" }
        },
        .member("address1", detail: true),
        .member("address2", detail: true),
        .member("zipcode", detail: true),
    ]
}
