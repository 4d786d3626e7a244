// SPDX-License-Identifier: Apache-2.0

/// One of the 86 rules: what it is about, what it allows, how far.
struct Grant: Hashable, Sendable {
    let resource: Resource
    let operation: Operation
    let scope: Scope
}
