// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// What the policy decides, and which rule says so.
struct SiteDecision: Hashable, Sendable {
    struct Finding: Hashable, Sendable {
        var rule: String
        /// Nil for a rule without an opinion.
        var holds: Bool?
        var reason: String
    }

    var isAllowed: Bool
    var findings: [Finding]

    init(_ json: JSONValue) {
        isAllowed = json["allowed"]?.boolValue ?? false
        findings = (json["findings"]?.arrayValue ?? []).map {
            Finding(
                rule: $0["rule"]?.stringValue ?? "", holds: $0["holds"]?.boolValue,
                reason: $0["reason"]?.stringValue ?? "")
        }
    }
}
