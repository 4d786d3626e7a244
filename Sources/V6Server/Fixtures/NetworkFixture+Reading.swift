// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension NetworkFixture {
    /// Reads a file.
    ///
    /// - Throws: `ConfigurationError` with every fault of the file, each with its line and key.
    init(path: String) throws {
        let reader = try ConfigurationReader.load(path: path)
        reader.warnUnknown(known: ["organizations", "collaborations"])
        organizations = (reader.list("organizations") ?? []).compactMap(Self.organization)
        collaborations = (reader.list("collaborations") ?? []).compactMap(Self.collaboration)
        check(reader)
        try reader.finish()
    }

    private static func organization(_ reader: ConfigurationReader) -> Organization? {
        guard let name = reader.string("name", required: true) else { return nil }
        var organization = Organization(
            name: name, domain: reader.string("domain"), address1: reader.string("address1"),
            address2: reader.string("address2"), zipcode: reader.string("zipcode"), country: reader.string("country"))
        if let text = reader.string("public_key"), !text.isEmpty {
            organization.publicKey = Data(base64Encoded: text, options: .ignoreUnknownCharacters)
            if organization.publicKey == nil { reader.fault("public_key", "expected base64 text") }
        }
        organization.roles = (reader.list("roles") ?? []).compactMap(role)
        organization.users = (reader.list("users") ?? []).compactMap(user)
        return organization
    }

    private static func role(_ reader: ConfigurationReader) -> Role? {
        let names = Dictionary(uniqueKeysWithValues: RuleCatalogue.rules.map { ($0.grant.fixtureName, $0.grant) })
        let rules = reader.strings("rules") ?? []
        for unknown in rules where names[unknown] == nil {
            reader.fault("rules", "there is no rule \(unknown); expected NAME.OPERATION.SCOPE, as in task.view.own")
        }
        guard let name = reader.string("name", required: true) else { return nil }
        return Role(name: name, description: reader.string("description"), grants: rules.compactMap { names[$0] })
    }

    private static func user(_ reader: ConfigurationReader) -> User? {
        guard let username = reader.string("username", required: true) else { return nil }
        return User(
            username: username, firstname: reader.string("firstname"), lastname: reader.string("lastname"),
            email: reader.string("email"), password: secret("password", reader), roles: reader.strings("roles"))
    }

    private static func collaboration(_ reader: ConfigurationReader) -> Collaboration? {
        guard let name = reader.string("name", required: true) else { return nil }
        return Collaboration(
            name: name, encrypted: reader.bool("encrypted") ?? true,
            participants: (reader.list("participants") ?? []).compactMap { participant($0, of: name) },
            tasks: reader.strings("tasks") ?? [])
    }

    private static func participant(_ reader: ConfigurationReader, of collaboration: String) -> Participant? {
        guard let name = reader.string("name", required: true) else { return nil }
        let key = secret("api_key", reader)
        if case .plain(let text) = key, UUID(uuidString: text) == nil || text != text.lowercased() {
            reader.fault("api_key", "expected a UUID in small letters with hyphens")
        }
        let node = reader.string("node") ?? nodeName(organization: name, collaboration: collaboration)
        return Participant(name: name, node: reader.has("node") && node == "false" ? nil : node, apiKey: key)
    }

    private static func secret(_ key: String, _ reader: ConfigurationReader) -> Secret? {
        guard let hash = reader.string("\(key)_hash") else { return reader.string(key).map { .plain($0) } }
        if !hash.hasPrefix("$2") || hash.utf8.count != 60 { reader.fault("\(key)_hash", "expected a bcrypt hash") }
        return .hash(hash)
    }

    /// Finds names that stand twice.
    private func check(_ reader: ConfigurationReader) {
        let groups: [(String, String, [String])] = [
            ("organizations", "organization", organizations.map(\.name)),
            ("organizations", "user", organizations.flatMap { $0.users.map(\.username) }),
            ("collaborations", "collaboration", collaborations.map(\.name)),
        ]
        for (key, kind, names) in groups {
            var seen: Set<String> = []
            for name in names where !seen.insert(name).inserted {
                reader.fault(key, "the \(kind) \"\(name)\" stands there twice")
            }
        }
    }
}

extension Grant {
    /// The rule as files name it: `task.view.own`.
    var fixtureName: String { "\(resource.rawValue).\(operation).\(scope)" }
}
