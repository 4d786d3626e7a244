// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What is asked of some nodes, against what each says of itself.
struct TaskCheck: Sendable {
    /// How a finding weighs, lightest first.
    enum State: String, Sendable, Comparable, CaseIterable {
        case ok
        /// Only the node itself can tell.
        case unknown
        /// It will take longer.
        case waits
        /// It will fail.
        case fault

        static func < (left: State, right: State) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    /// What was found for one organization.
    struct Finding: Sendable, Equatable {
        let organization: Int
        let node: String
        let state: State
        let text: String

        func record(organization name: String) -> JSONValue {
            [
                "id": JSONValue(organization), "organization": .string(name), "node": .string(node),
                "state": .string(state.rawValue), "finding": .string(text),
            ]
        }
    }

    /// A column that an argument names.
    struct ColumnUse: Sendable, Hashable {
        let argument: String
        let column: String
    }

    var image: String
    var databases: [String]
    var organizations: [Int]
    var columns: [ColumnUse] = []
    /// Whether the collaboration encrypts.
    var isEncrypted = false
    /// Who asks, for nodes that let only some ask.
    var user: Int?
    var initiator: Int?
    /// The nodes of the collaboration.
    let nodes: [Node]
    /// The organizations with a public key; nil where that is not known.
    var withKey: Set<Int>?

    var findings: [Finding] { organizations.map(finding) }

    /// Everything there is to say about one organization's node, the heaviest first.
    func finding(for organization: Int) -> Finding {
        let node = nodes.first { $0.organization?.id == organization }
        guard let node else {
            return Finding(organization: organization, node: "", state: .fault, text: "no node in this collaboration")
        }
        var found: [(state: State, text: String)] = []
        if isEncrypted, let withKey, !withKey.contains(organization) {
            found.append((.fault, "has no public key, so nothing can be encrypted for it"))
        }
        if node.isOnline {
            found += [encryption(of: node), database(at: node), imageRule(of: node), askers(of: node)].compactMap { $0 }
            found += missingColumns(at: node)
        } else {
            found.append((.waits, "offline; its run waits until it comes back"))
        }
        let ordered = found.enumerated().sorted { ($1.element.state, $0.offset) < ($0.element.state, $1.offset) }
        let worst = ordered.first?.element.state ?? .ok
        let text = ordered.map(\.element.text).joined(separator: "; ")
        return Finding(
            organization: organization, node: node.name, state: worst, text: text.isEmpty ? "online" : text)
    }

    private func encryption(of node: Node) -> (State, String)? {
        guard let fact = node.facts("encryption").first else { return nil }
        let encrypts = ["1", "true"].contains(fact.lowercased())
        guard encrypts != isEncrypted else { return nil }
        return (
            .fault,
            encrypts ? "encrypts, but the collaboration does not" : "does not encrypt, but the collaboration does"
        )
    }

    private func database(at node: Node) -> (State, String)? {
        let labels = node.facts("database_labels")
        let missing = databases.filter { !labels.contains($0) }
        guard !labels.isEmpty, !missing.isEmpty else { return nil }
        return (
            .fault, "has no database \(missing.joined(separator: ", ")); there is: \(labels.joined(separator: ", "))"
        )
    }

    private func missingColumns(at node: Node) -> [(State, String)] {
        let known = databases.map { node.facts("columns_\($0)") }
        guard !known.isEmpty, known.allSatisfy({ !$0.isEmpty }) else { return [] }
        let all = Set(known.joined())
        return columns.filter { !all.contains($0.column) }.map {
            (.fault, "has no column \($0.column) (\($0.argument)) in \(databases.joined(separator: ", "))")
        }
    }

    private func imageRule(of node: Node) -> (State, String)? {
        let entries = node.facts("allowed_algorithms")
        guard !entries.isEmpty, entries != ["all"], !image.isEmpty else { return nil }
        let verdicts = entries.map { Self.allows($0, image) }
        if verdicts.contains(true) { return nil }
        let there = "it allows \(entries.joined(separator: ", "))"
        if verdicts.contains(nil) {
            return (.unknown, "only the node can tell whether it allows \(image); \(there)")
        }
        return (.fault, "does not allow \(image); \(there)")
    }

    /// 4.15: users and organizations are alternatives; identifiers are listed as text.
    private func askers(of node: Node) -> (State, String)? {
        let users = node.facts("allowed_users")
        let organizations = node.facts("allowed_orgs")
        guard !users.isEmpty || !organizations.isEmpty else { return nil }
        if let user, users.contains(String(user)) { return nil }
        if let initiator, organizations.contains(String(initiator)) { return nil }
        let byName = (users + organizations).contains { Int($0) == nil }
        return byName
            ? (.unknown, "lets only some users or organizations ask")
            : (.fault, "does not let you or your organization ask")
    }

    /// Whether an entry of a node's list allows an image; nil when only the node can tell.
    ///
    /// 4.15 compares digests where tags differ, and takes a pattern for the beginning of the name; our nodes take it for
    /// all of it but tag and digest.
    private static func allows(_ entry: String, _ image: String) -> Bool? {
        // A pattern that cannot be read leaves it to the node.
        guard let rule = try? PolicyEntry(entry) else { return nil }
        if rule.isPattern {
            if rule.matches(image: image) { return true }
            guard let beginning = try? Regex(entry) else { return nil }
            return image.prefixMatch(of: beginning) != nil ? nil : false
        }
        let bare = repository(image)
        if entry == image || entry == bare { return true }
        return repository(entry) == bare ? nil : false
    }

    /// An image without tag and digest.
    private static func repository(_ image: String) -> String {
        var name = image.prefix { $0 != "@" }
        if let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") { name = name[..<colon] }
        return name.hasPrefix("docker.io/") ? String(name.dropFirst(10)) : String(name)
    }
}

extension Node {
    /// What the node published under a key.
    func facts(_ key: String) -> [String] { (config ?? []).filter { $0.key == key }.compactMap(\.value) }
}
