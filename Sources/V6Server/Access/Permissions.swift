// SPDX-License-Identifier: Apache-2.0

/// The rules somebody holds, ready to be asked.
struct Permissions: Sendable, Hashable {
    /// One bit a scope, for each pair of resource and operation.
    private var scopes = [UInt8](repeating: 0, count: Resource.allCases.count * Operation.allCases.count)
    /// Rules this server does not know, which another release may have put into the database; held by identifier.
    private var unknown: Set<Int64> = []

    /// Nothing at all.
    init() {}

    /// Exactly these rules.
    init(_ grants: some Sequence<Grant>) {
        for grant in grants { scopes[Self.index(grant.resource, grant.operation)] |= 1 << UInt8(grant.scope.rawValue) }
    }

    /// The rules in rows of `id, name, operation, scope`.
    init(rows: [SQLRow]) {
        for row in rows {
            let rule = StoredRule(row)
            if let grant = rule.grant {
                scopes[Self.index(grant.resource, grant.operation)] |= 1 << UInt8(grant.scope.rawValue)
            } else {
                unknown.insert(rule.id)
            }
        }
    }

    private static func index(_ resource: Resource, _ operation: Operation) -> Int {
        let position = Resource.allCases.firstIndex(of: resource) ?? 0
        return position * Operation.allCases.count + operation.rawValue
    }

    /// Whether exactly this rule is held.
    func holds(_ resource: Resource, _ operation: Operation, _ scope: Scope) -> Bool {
        scopes[Self.index(resource, operation)] & (1 << UInt8(scope.rawValue)) != 0
    }

    /// Whether a rule with this scope or a wider one is held.
    func reaches(_ resource: Resource, _ operation: Operation, _ scope: Scope) -> Bool {
        scopes[Self.index(resource, operation)] >> UInt8(scope.rawValue) != 0
    }

    /// The widest scope held; nil when there is none.
    func widest(_ resource: Resource, _ operation: Operation) -> Scope? {
        let bits = scopes[Self.index(resource, operation)]
        return Scope.allCases.last { bits & (1 << UInt8($0.rawValue)) != 0 }
    }

    /// Whether a rule may be handed to others: held itself, with that scope or a wider one.
    func covers(_ rule: StoredRule) -> Bool {
        guard let grant = rule.grant else { return unknown.contains(rule.id) }
        return reaches(grant.resource, grant.operation, grant.scope)
    }
}
