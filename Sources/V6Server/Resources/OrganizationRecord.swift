// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// A row of the table `organization`.
struct OrganizationRecord: Sendable {
    /// The columns ``init(_:)`` reads, in order.
    static let columns: SQL = """
        organization.id, organization.name, organization.domain, organization.address1, organization.address2,
        organization.zipcode, organization.country, organization._public_key
        """

    let id: Int64
    let name: String?
    let texts: [(name: String, value: String?)]
    let publicKey: Data?

    init(_ row: SQLRow) {
        id = row.integer(0) ?? 0
        name = row.text(1)
        texts = [
            ("domain", row.text(2)), ("address1", row.text(3)), ("address2", row.text(4)), ("zipcode", row.text(5)),
            ("country", row.text(6)),
        ]
        publicKey = row.data(7)
    }

    /// The organization with an identifier; nil when there is none.
    static func find(_ id: Int64, _ session: any SQLSession) throws -> OrganizationRecord? {
        try session.row("SELECT \(columns) FROM organization WHERE id = \(id)").map(OrganizationRecord.init)
    }

    /// The object clients see.
    func json(_ links: Links) -> JSONValue {
        var object: JSONObject = [
            "collaborations": links.many("collaboration", by: "organization_id", id),
            "nodes": links.many("node", by: "organization_id", id),
            "users": links.many("user", by: "organization_id", id),
            "tasks": links.many("task", by: "init_org_id", id),
            "runs": links.many("run", by: "organization_id", id),
            "studies": links.many("study", by: "organization_id", id),
            "public_key": .string(publicKey?.base64EncodedString() ?? ""),
            "id": .integer(id), "name": .optional(name),
        ]
        for (name, value) in texts { object[name] = .optional(value) }
        return .object(object)
    }
}
