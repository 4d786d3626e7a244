// SPDX-License-Identifier: Apache-2.0

/// Whether the nodes that would run a task have said that they accept tasks of this caller.
struct NodePolicyCheck {
    let session: any SQLSession

    /// The statement that finds what nodes published on whom they serve.
    static func findingPolicies(of organizations: [Int64], in collaboration: Int64) -> SQL {
        """
        SELECT nodeconfig.node_id, nodeconfig."key", nodeconfig.value FROM nodeconfig
            JOIN node ON node.id = nodeconfig.node_id
            WHERE node.collaboration_id = \(collaboration) AND node.organization_id IN \(list: organizations)
            AND nodeconfig."key" IN ('allowed_users', 'allowed_orgs')
        """
    }

    /// Refuses unless each node that published whom it serves serves this user or this user's organization.
    func require(organizations: [Int64], collaboration: Int64, caller: Principal) throws {
        guard let user = caller.userID else { return }
        let rows = try session.rows(Self.findingPolicies(of: organizations, in: collaboration))
        guard !rows.isEmpty else { return }
        let organization = try caller.organizationID.flatMap { try OrganizationRecord.find($0, session) }
        var verdicts: [Int64: Bool] = [:]
        for row in rows {
            let value = row.text(2)
            let isServed =
                row.text(1) == "allowed_users"
                ? value == String(user)
                : value == organization.map { String($0.id) } || value == organization?.name
            verdicts[row.integer(0) ?? 0, default: false] = (verdicts[row.integer(0) ?? 0] ?? false) || isServed
        }
        if verdicts.values.contains(false) {
            throw Failure.invalid(
                "Cannot create this task because one of the nodes that you are trying to send this task to does not "
                    + "allow you to create tasks.")
        }
    }
}
