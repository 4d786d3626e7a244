// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension NetworkFixture {
    /// The file, as YAML; a portable one leaves out what the original does not know.
    ///
    /// The original makes everybody an administrator of their organization.
    func yaml(isPortable: Bool) -> String {
        var text = FixtureText()
        text.line("# Network of a vantage6 server, for v6-server import.")
        text.line(organizations.isEmpty ? "organizations: []" : "organizations:")
        for organization in organizations { write(organization, isPortable, to: &text) }
        text.line(collaborations.isEmpty ? "collaborations: []" : "collaborations:")
        for collaboration in collaborations { write(collaboration, isPortable, to: &text) }
        return text.text
    }

    private func write(_ organization: Organization, _ isPortable: Bool, to text: inout FixtureText) {
        text.item(2, "name", organization.name)
        text.member(4, "domain", organization.domain)
        text.member(4, "address1", organization.address1)
        text.member(4, "address2", organization.address2)
        text.member(4, "zipcode", organization.zipcode)
        text.member(4, "country", organization.country)
        text.member(4, "public_key", organization.publicKey?.base64EncodedString())
        if !organization.roles.isEmpty, !isPortable {
            text.line("    roles:")
            for role in organization.roles {
                text.item(6, "name", role.name)
                text.member(8, "description", role.description)
                text.list(8, "rules", role.grants.map(\.fixtureName))
            }
        }
        text.line(organization.users.isEmpty ? "    users: []" : "    users:")
        for user in organization.users {
            text.item(6, "username", user.username)
            text.member(8, "firstname", user.firstname)
            text.member(8, "lastname", user.lastname)
            text.member(8, "email", user.email)
            if !isPortable {
                text.secret(8, "password", user.password)
                if let roles = user.roles { text.list(8, "roles", roles) }
            }
        }
    }

    private func write(_ collaboration: Collaboration, _ isPortable: Bool, to text: inout FixtureText) {
        text.item(2, "name", collaboration.name)
        text.line("    encrypted: \(collaboration.encrypted)")
        text.line(collaboration.participants.isEmpty ? "    participants: []" : "    participants:")
        for participant in collaboration.participants {
            text.item(6, "name", participant.name)
            guard !isPortable else {
                text.line("        api_key:  # a UUID in small letters: the original wants one")
                continue
            }
            text.secret(8, "api_key", participant.apiKey)
            let usual = Self.nodeName(organization: participant.name, collaboration: collaboration.name)
            if let node = participant.node {
                if node != usual { text.member(8, "node", node) }
            } else {
                text.line("        node: false")
            }
        }
        text.list(4, "tasks", collaboration.tasks)
    }
}

/// Lines of YAML; every text is quoted, so that none is taken for something else.
private struct FixtureText {
    private(set) var text = ""

    mutating func line(_ line: String) { text += line + "\n" }

    mutating func item(_ indent: Int, _ key: String, _ value: String) {
        line("\(String(repeating: " ", count: indent))- \(key): \(Self.quoted(value))")
    }

    mutating func member(_ indent: Int, _ key: String, _ value: String?) {
        line("\(String(repeating: " ", count: indent))\(key): \(value.map(Self.quoted) ?? "null")")
    }

    mutating func list(_ indent: Int, _ key: String, _ values: [String]) {
        line("\(String(repeating: " ", count: indent))\(key): [\(values.map(Self.quoted).joined(separator: ", "))]")
    }

    mutating func secret(_ indent: Int, _ key: String, _ secret: NetworkFixture.Secret?) {
        switch secret {
        case .plain(let value): member(indent, key, value)
        case .hash(let hash): member(indent, "\(key)_hash", hash)
        case nil: break
        }
    }

    /// A JSON text is one of YAML as well.
    private static func quoted(_ value: String) -> String { JSONValue.string(value).text() }
}
