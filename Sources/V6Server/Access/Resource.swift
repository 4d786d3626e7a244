// SPDX-License-Identifier: Apache-2.0

/// What a rule is about; the raw value is the rule's name.
enum Resource: String, CaseIterable, Sendable {
    case node, collaboration, organization, task, run, user, role, port, event, study
}
