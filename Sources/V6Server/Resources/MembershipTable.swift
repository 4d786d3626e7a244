// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The two tables that say which organizations belong to something.
enum MembershipTable {
    case collaboration, study

    private var table: SQL { self == .collaboration ? #""Member""# : #""StudyMember""# }
    private var column: SQL { self == .collaboration ? "collaboration_id" : "study_id" }

    /// The organization objects by the collaboration or study they belong to, with one statement; those the caller may
    /// see by themselves, as 4.15.2 does not ask.
    func organizations(of ids: [Int64], _ links: Links, _ call: Call) throws -> [Int64: [JSONValue]] {
        let rows = try call.session.rows(
            """
            SELECT DISTINCT \(OrganizationRecord.columns), member.\(column) FROM \(table) AS member
                JOIN organization ON organization.id = member.organization_id
                WHERE member.\(column) IN \(list: ids) AND (\(call.access.organizationCondition("organization.id")))
                ORDER BY organization.id
            """)
        var result: [Int64: [JSONValue]] = [:]
        for row in rows {
            result[row.integer(8) ?? 0, default: []].append(OrganizationRecord(row).json(links))
        }
        return result
    }

    /// The identifiers of the organizations that belong to one.
    func members(of id: Int64, _ session: any SQLSession) throws -> Set<Int64> {
        Set(try session.integers(findingMembers(of: id)))
    }

    /// The statement that finds the organizations that belong to one.
    func findingMembers(of id: Int64) -> SQL { "SELECT organization_id FROM \(table) WHERE \(column) = \(id)" }

    /// Makes these organizations, as far as they exist, the only ones.
    func replace(of id: Int64, with organizations: [Int64], _ session: any SQLSession) throws {
        try clear(id, session)
        let existing = try session.integers(
            "SELECT id FROM organization WHERE id IN \(list: organizations) ORDER BY id")
        for organization in existing { try add(organization, to: id, session) }
    }

    /// Adds an organization, unless it is there.
    func add(_ organization: Int64, to id: Int64, _ session: any SQLSession) throws {
        if try members(of: id, session).contains(organization) { return }
        try session.run("INSERT INTO \(table) (organization_id, \(column)) VALUES (\(organization), \(id))")
    }

    /// Takes an organization out.
    func remove(_ organization: Int64, from id: Int64, _ session: any SQLSession) throws {
        try session.run("DELETE FROM \(table) WHERE organization_id = \(organization) AND \(column) = \(id)")
    }

    /// Takes all organizations out.
    func clear(_ id: Int64, _ session: any SQLSession) throws {
        try session.run("DELETE FROM \(table) WHERE \(column) = \(id)")
    }

    /// Takes an organization out of everything.
    func forget(_ organization: Int64, _ session: any SQLSession) throws {
        try session.run("DELETE FROM \(table) WHERE organization_id = \(organization)")
    }
}
