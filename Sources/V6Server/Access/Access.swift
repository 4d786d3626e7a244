// SPDX-License-Identifier: Apache-2.0

/// What one caller may do, asked against one state of the database.
///
/// The procedures are those of 4.15.2 ("Decision procedures"); what they need to know is read once and kept for the
/// length of the transaction only.
final class Access {
    let principal: Principal
    private let session: any SQLSession
    private var memberships: [Int64: Set<Int64>] = [:]

    init(principal: Principal, session: any SQLSession) {
        self.principal = principal
        self.session = session
    }

    private var permissions: Permissions { principal.permissions }

    /// Whether a rule of any scope is held.
    func any(_ resource: Resource, _ operation: Operation) -> Bool { widest(resource, operation) != nil }

    /// The widest scope held.
    func widest(_ resource: Resource, _ operation: Operation) -> Scope? { permissions.widest(resource, operation) }

    /// Whether exactly this rule is held.
    func holds(_ resource: Resource, _ operation: Operation, _ scope: Scope) -> Bool {
        permissions.holds(resource, operation, scope)
    }

    /// Whether a rule with this scope or a wider one is held.
    func reaches(_ resource: Resource, _ operation: Operation, _ scope: Scope) -> Bool {
        permissions.reaches(resource, operation, scope)
    }

    /// The collaborations an organization takes part in.
    func collaborations(of organizationID: Int64?) throws -> Set<Int64> {
        guard let organizationID else { return [] }
        if let known = memberships[organizationID] { return known }
        let found = Set(try session.integers(Self.findingCollaborations(of: organizationID)))
        memberships[organizationID] = found
        return found
    }

    /// The statement that finds the collaborations of an organization.
    static func findingCollaborations(of organizationID: Int64) -> SQL {
        #"SELECT collaboration_id FROM "Member" WHERE organization_id = \#(organizationID)"#
    }

    /// What will be asked about the caller that a token names, as far as the token tells.
    static func announcement(of claims: AccessClaims?) -> [SQL] {
        claims?.organizationID.map { [findingCollaborations(of: $0)] } ?? []
    }

    /// The collaborations of the caller: those of its organization; for a container only that of its task.
    func ownCollaborations() throws -> Set<Int64> {
        if let container = principal.container { return [container.collaborationID] }
        return try collaborations(of: principal.organizationID)
    }

    /// The condition under which a column names an organization that shares a collaboration with the caller's.
    func partnerCondition(_ column: SQL) -> SQL {
        if let container = principal.container {
            return """
                \(column) IN (SELECT organization_id FROM "Member" WHERE collaboration_id = \(container.collaborationID))
                """
        }
        return """
            \(column) IN (SELECT other.organization_id FROM "Member" AS mine
                JOIN "Member" AS other ON other.collaboration_id = mine.collaboration_id
                WHERE mine.organization_id = \(principal.organizationID))
            """
    }

    /// The condition under which a column names an organization the caller may see.
    func organizationCondition(_ column: SQL) -> SQL {
        switch widest(.organization, .view) {
        case .global: "1 = 1"
        case .collaboration: "\(column) = \(principal.organizationID) OR \(partnerCondition(column))"
        case .organization: "\(column) = \(principal.organizationID)"
        case .own, nil: "1 = 0"
        }
    }

    /// Whether a rule covers an organization: global; own organization; or one that shares a collaboration.
    func onOrganization(_ resource: Resource, _ operation: Operation, _ organizationID: Int64?) throws -> Bool {
        if holds(resource, operation, .global) { return true }
        guard let organizationID else { return false }
        if holds(resource, operation, .organization), organizationID == principal.organizationID { return true }
        guard holds(resource, operation, .collaboration) else { return false }
        return try !collaborations(of: organizationID).isDisjoint(with: ownCollaborations())
    }

    /// Whether a rule covers what an organization did in a collaboration (tasks, runs, results).
    func onOrganization(
        _ resource: Resource, _ operation: Operation, _ organizationID: Int64?, in collaborationID: Int64?
    ) throws -> Bool {
        if holds(resource, operation, .global) { return true }
        if holds(resource, operation, .organization), let organizationID, organizationID == principal.organizationID {
            return true
        }
        return try onCollaboration(resource, operation, collaborationID)
    }

    /// Whether a rule covers a collaboration: global; or one of the caller's.
    func onCollaboration(_ resource: Resource, _ operation: Operation, _ collaborationID: Int64?) throws -> Bool {
        if holds(resource, operation, .global) { return true }
        guard holds(resource, operation, .collaboration), let collaborationID else { return false }
        return try ownCollaborations().contains(collaborationID)
    }
}
