// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Answers the policy's questions by asking server, engine and algorithm stores.
struct PolicyLookups: Sendable {
    let configuration: NodeConfiguration
    let link: ServerLink
    /// Nil when digests cannot be asked for.
    let engine: (any ContainerEngine)?
    /// Whether to wait for a server that is away.
    ///
    /// A run does; somebody who asks does not.
    var isPatient = true

    var lookup: Policy.Lookup {
        Policy.Lookup(
            userName: { id in await text("/user/\(id)", "username") },
            organizationName: { id in await text("/organization/\(id)", "name") },
            storeAddress: { id in await text("/algorithmstore/\(id)", "url") },
            storeOffers: { address, image in await offers(address, image) },
            digest: { reference in
                try? await engine?.registryDigest(reference, credential: configuration.credential(for: reference))
            })
    }

    private func text(_ path: String, _ key: String) async -> String? {
        // Refused and unknown are the same to a policy: it cannot be found out.
        let answer = isPatient ? try? await link.insist("GET", path) : try? await link.call("GET", path)
        return answer?[key]?.stringValue
    }

    /// Where a store is for this machine: the server's own loopback is at the server (4.15.2).
    private func reachable(_ address: String) -> URLComponents? {
        let loopback = ["localhost", "127.0.0.1"]
        var store = URLComponents(string: address)
        if let host = store?.host, loopback.contains(host),
            let server = URLComponents(string: link.client.address.root), let there = server.host,
            !loopback.contains(there)
        {
            store?.scheme = server.scheme
            store?.host = there
        }
        return store
    }

    private func offers(_ address: String, _ image: String) async -> Bool {
        guard let token = try? await link.accessToken() else { return false }
        var url = reachable(address)
        url?.path += "/algorithm"
        url?.queryItems = [URLQueryItem(name: "image", value: image)]
        guard let target = url?.string else { return false }
        // From inside a container this machine has another name than the one that the store knows the server by.
        let serverName = link.client.address.description.replacing("host.docker.internal", with: "localhost")
        let request = HTTPRequest(
            url: target,
            headers: [
                ("Authorization", "Bearer \(token)"), ("Server-Url", serverName),
                ("Client-Type", "node"),
            ], timeout: .seconds(30))
        guard let response = try? await link.client.transport.send(request), response.status < 300,
            let answer = try? JSONValue(parsing: response.body)
        else { return false }
        return answer["data"]?[0] != nil
    }
}
