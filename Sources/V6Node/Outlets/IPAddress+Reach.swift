// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension IPAddress {
    /// The addresses of a name, as this machine resolves it; blocks while it asks.
    static func lookUp(_ host: String) -> [IPAddress] {
        if let literal = IPAddress(host) { return [literal] }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        return sequence(first: list, next: { $0?.pointee.ai_next }).compactMap { entry -> IPAddress? in
            guard let entry, let address = entry.pointee.ai_addr else { return nil }
            switch entry.pointee.ai_family {
            case AF_INET:
                return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                    var raw = pointer.pointee.sin_addr
                    return IPAddress(bytes: withUnsafeBytes(of: &raw) { Array($0) })
                }
            case AF_INET6:
                return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                    var raw = pointer.pointee.sin6_addr
                    return IPAddress(bytes: withUnsafeBytes(of: &raw) { Array($0) })
                }
            default: return nil
            }
        }
    }

    /// Whether it leads into a private network, to this machine, to a cloud's metadata, or to nobody in particular.
    var isPrivate: Bool {
        // An address of version 4 behind the well-known prefix of NAT64 is judged as what it leads to.
        if Self.nat64.contains(self) { return IPAddress(bytes: Array(bytes.suffix(4))).isPrivate }
        return Self.privateRanges.contains { $0.contains(self) }
    }

    private static let nat64 = AddressRange(network: IPAddress(bytes: [0, 0x64, 0xFF, 0x9B] + zeros(12)), prefix: 96)

    private static let privateRanges: [AddressRange] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "::/96", "64:ff9b:1::/48", "2002::/16",
        "fc00::/7", "fe80::/10", "ff00::/8",
    ].compactMap(AddressRange.init)

    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}
