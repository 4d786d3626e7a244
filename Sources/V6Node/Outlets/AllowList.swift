// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Where algorithms may connect to through the node (`whitelist`): the rules of 4.15.2's proxy, and one more.
///
/// The port must be listed; then the name must be, or the address where a request names one. A name that is not listed is not
/// even looked up: what is asked of a name server leaves the organization. What a listed *name* leads to must be no private
/// address: whoever controls a name server would otherwise reach the inside.
struct AllowList: Sendable, Hashable {
    /// `example.org` for that name, `.example.org` for it and all names below.
    var domains: [String]
    var addresses: [AddressRange]
    var ports: Set<Int>

    /// The ports of web servers, for a list that names none.
    static let defaultPorts: Set<Int> = [80, 443]

    /// Why a connection may not be made, as far as name and port tell.
    ///
    /// Nil leaves the decision to ``admits(_:behind:)``.
    func refusal(host: String, port: Int) -> String? {
        guard ports.contains(port) else { return "port \(port) is not in whitelist.ports" }
        if lists(host) || IPAddress(host) != nil { return nil }
        return "\(host) is not in whitelist.domains"
    }

    /// Whether an address that a host resolved to may be connected to.
    func admits(_ address: IPAddress, behind host: String) -> Bool {
        if addresses.contains(where: { $0.contains(address) }) { return true }
        return lists(host) && !address.isPrivate
    }

    /// Whether a name is in the list of domains.
    func lists(_ host: String) -> Bool {
        let name = Self.normal(host)
        return domains.contains { domain in
            let domain = Self.normal(domain)
            return domain.hasPrefix(".") ? name == domain.dropFirst() || name.hasSuffix(domain) : name == domain
        }
    }

    private static func normal(_ name: String) -> String {
        let lower = name.lowercased()
        return lower.hasSuffix(".") ? String(lower.dropLast()) : lower
    }
}
