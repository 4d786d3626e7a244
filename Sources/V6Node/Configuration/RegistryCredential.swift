// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A login at a registry (`docker_registries[]`).
struct RegistryCredential: Sendable, Hashable {
    /// Host with port.
    let registry: String
    let username: String
    let password: String

    /// The form the engine takes.
    var json: JSONValue {
        ["username": .string(username), "password": .string(password), "serveraddress": .string(registry)]
    }
}
