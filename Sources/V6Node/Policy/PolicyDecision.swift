// SPDX-License-Identifier: Apache-2.0

/// Whether something may run here, and which line of the configuration says so.
struct PolicyDecision: Sendable, Hashable {
    /// One rule and what it came to.
    struct Finding: Sendable, Hashable {
        /// The key of the configuration.
        let rule: String
        /// Whether the rule lets it pass; nil when it has no opinion.
        let holds: Bool?
        let reason: String
    }

    let isAllowed: Bool
    let findings: [Finding]

    /// The reason for a refusal, for the log of the run.
    var refusal: String {
        let reasons = findings.filter { $0.holds == false }.map { "\($0.rule): \($0.reason)" }
        return "This node's policy does not allow the task. " + reasons.joined(separator: "; ") + "."
    }
}
