// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A login at a registry (`docker_registries[]`).
struct RegistryCredential: Sendable, Hashable {
    /// As it is configured: a host with port, or its address.
    let registry: String
    let username: String
    let password: String

    /// The registry as names of images begin with it: configurations also hold `https://harbor.example.org/` and
    /// `https://index.docker.io/v1/`, which 4.15.2 logs in at as well.
    var host: String {
        let start = registry.firstRange(of: "://")?.upperBound ?? registry.startIndex
        let host = registry[start...].prefix { $0 != "/" }
        return ["index.docker.io", "registry-1.docker.io"].contains(host) ? "docker.io" : String(host)
    }

    /// The form the engine takes.
    var json: JSONValue {
        ["username": .string(username), "password": .string(password), "serveraddress": .string(registry)]
    }
}

extension NodeConfiguration {
    /// The login for an image, if its registry has one.
    func credential(for image: ImageReference) -> RegistryCredential? {
        registries.first { $0.host == image.registry }
    }
}
