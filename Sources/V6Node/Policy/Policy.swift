// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Decides what may run here by the rules of 4.15.2, with its faults mended (docs/compatibility.md).
struct Policy: Sendable {
    /// Who asks for what.
    struct Request: Sendable, Hashable {
        /// The text of the task.
        var image: String
        var user: Int?
        var organization: Int?
        var store: Int?
    }

    /// What the policy must look up elsewhere; each answers nil when it cannot be found out.
    struct Lookup: Sendable {
        var userName: @Sendable (Int) async -> String?
        var organizationName: @Sendable (Int) async -> String?
        /// The address of a store.
        var storeAddress: @Sendable (Int) async -> String?
        /// Whether the store at an address offers an image.
        var storeOffers: @Sendable (_ address: String, _ image: String) async -> Bool
        /// The digest that the registry has now.
        var digest: @Sendable (ImageReference) async -> String?
    }

    /// The image that `allow_basics_algorithm` is about.
    static let basics = "ghcr.io/vantage6/algorithm-basics"

    let configuration: PolicyConfiguration
    let lookup: Lookup

    /// The decision with all that led to it.
    func decide(_ request: Request) async -> PolicyDecision {
        let image = ImageReference(request.image)
        var findings: [PolicyDecision.Finding] = []
        if !configuration.allowsBasics, image.repository == Self.basics {
            findings.append(
                .init(rule: "allow_basics_algorithm", holds: false, reason: "\(image) is the basics algorithm"))
        }
        if let initiator = await initiator(request) { findings.append(initiator) }
        let algorithm = await algorithm(image)
        let store = await store(request)
        // Only rules that are set have a say; 4.15.2 lets an unset list count as "holds", so that "either" allowed everything.
        switch (algorithm, store) {
        case (let algorithm?, let store?)
        where configuration.acceptsEither && (algorithm.holds == true || store.holds == true):
            let one = algorithm.holds == true ? algorithm : store
            findings.append(
                .init(
                    rule: "allow_either_whitelist_or_store", holds: true, reason: "\(one.rule) is enough: \(one.reason)"
                ))
        default:
            findings += [algorithm, store].compactMap { $0 }
        }
        let isAllowed = findings.allSatisfy { $0.holds != false }
        if findings.isEmpty {
            findings.append(.init(rule: "policies", holds: nil, reason: "no rule is set, everything may run"))
        }
        return PolicyDecision(isAllowed: isAllowed, findings: findings)
    }

    private func initiator(_ request: Request) async -> PolicyDecision.Finding? {
        let (users, organizations) = (configuration.users, configuration.organizations)
        guard !users.isEmpty || !organizations.isEmpty else { return nil }
        let rule =
            users.isEmpty
            ? "allowed_organizations" : organizations.isEmpty ? "allowed_users" : "allowed_users/organizations"
        if let user = request.user {
            if users.contains(String(user)) {
                return .init(rule: "allowed_users", holds: true, reason: "user \(user) is listed")
            }
            if users.contains(where: Self.isName), let name = await lookup.userName(user), users.contains(name) {
                return .init(rule: "allowed_users", holds: true, reason: "user \(name) is listed")
            }
        }
        if let organization = request.organization {
            if organizations.contains(String(organization)) {
                return .init(
                    rule: "allowed_organizations", holds: true, reason: "organization \(organization) is listed")
            }
            if organizations.contains(where: Self.isName), let name = await lookup.organizationName(organization),
                organizations.contains(name)
            {
                return .init(rule: "allowed_organizations", holds: true, reason: "organization \(name) is listed")
            }
        }
        let user = request.user.map { "user \($0)" } ?? "an unknown user"
        let organization = request.organization.map { "organization \($0)" } ?? "an unknown organization"
        return .init(rule: rule, holds: false, reason: "neither \(user) nor \(organization) is listed")
    }

    private static func isName(_ entry: String) -> Bool { Int(entry) == nil }

    private func algorithm(_ image: ImageReference) async -> PolicyDecision.Finding? {
        guard !configuration.algorithms.isEmpty else { return nil }
        for entry in configuration.algorithms where await admits(entry, image) {
            return .init(rule: "allowed_algorithms", holds: true, reason: "\"\(entry)\" covers \(image)")
        }
        return .init(rule: "allowed_algorithms", holds: false, reason: "no entry covers \(image)")
    }

    private func admits(_ entry: PolicyEntry, _ image: ImageReference) async -> Bool {
        if entry.isPattern { return entry.matches(image: image.text) }
        if entry.text == image.text || entry.text == image.repository { return true }
        let named = ImageReference(entry.text)
        guard named.repository == image.repository else { return false }
        // `docker.io/a/b` is `a/b`: without a tag it names every tag.
        if named.tag == nil && named.digest == nil { return true }
        if let digest = named.digest, digest == image.digest { return true }
        guard let wanted = await lookup.digest(named), let offered = await lookup.digest(image) else { return false }
        return wanted == offered
    }

    private func store(_ request: Request) async -> PolicyDecision.Finding? {
        guard !configuration.stores.isEmpty else { return nil }
        let rule = "allowed_algorithm_stores"
        guard let store = request.store else {
            return .init(rule: rule, holds: false, reason: "the task names no algorithm store")
        }
        guard let address = await lookup.storeAddress(store) else {
            return .init(rule: rule, holds: false, reason: "the server does not tell the address of store \(store)")
        }
        guard let entry = configuration.stores.first(where: { $0.matches(address: address) }) else {
            return .init(rule: rule, holds: false, reason: "no entry covers \(address)")
        }
        guard await lookup.storeOffers(address, request.image) else {
            return .init(rule: rule, holds: false, reason: "\(address) does not offer \(request.image)")
        }
        return .init(rule: rule, holds: true, reason: "\"\(entry)\" covers \(address), which offers the image")
    }
}
