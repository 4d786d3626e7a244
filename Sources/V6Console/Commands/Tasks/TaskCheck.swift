// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A request against what its nodes say of themselves.
struct TaskCheck: Sendable {
    /// How a finding weighs.
    enum State: String, Sendable {
        case ok
        /// It will take longer.
        case waits
        /// It will fail.
        case fault
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

    let request: TaskRequest
    /// The nodes of the collaboration.
    let nodes: [JSONValue]

    var findings: [Finding] { request.organizations.map(finding) }

    private func finding(for organization: Int) -> Finding {
        let node = nodes.first { $0.value(at: "organization.id")?.intValue == organization }
        func found(_ state: State, _ text: String) -> Finding {
            Finding(organization: organization, node: node?["name"]?.cellText ?? "", state: state, text: text)
        }
        guard let node else { return found(.fault, "no node in this collaboration") }
        guard node["status"]?.stringValue == "online" else {
            return found(.waits, "offline; its run waits until it comes back")
        }
        let config = node["config"]?.arrayValue ?? []
        func published(_ key: String) -> [String] {
            config.filter { $0["key"]?.stringValue == key }.compactMap { $0["value"]?.cellText }
        }
        let labels = published("database_labels")
        let missing = request.databases.map(\.label).filter { !labels.contains($0) }
        if !labels.isEmpty, !missing.isEmpty {
            let there = labels.joined(separator: ", ")
            return found(.fault, "has no database \(missing.joined(separator: ", ")); there is: \(there)")
        }
        let patterns = published("allowed_algorithms")
        if !patterns.isEmpty, !patterns.contains(where: { Self.allows($0, request.image) }) {
            return found(.fault, "does not allow \(request.image); it allows \(patterns.joined(separator: ", "))")
        }
        return found(.ok, "online")
    }

    /// A published pattern against an image; one that cannot be read allows what it equals.
    private static func allows(_ pattern: String, _ image: String) -> Bool {
        guard let expression = try? Regex(pattern) else { return pattern == image }
        return image.contains(expression) || pattern == image
    }
}
