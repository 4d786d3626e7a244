// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Addresses that begin with the same bits: `10.0.0.0/8`, or a single address.
struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    let network: IPAddress
    let prefix: Int

    init(network: IPAddress, prefix: Int) {
        self.network = network
        self.prefix = prefix
    }

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let network = IPAddress(String(parts[0])) else { return nil }
        let bits = network.bytes.count * 8
        guard let prefix = parts.count == 2 ? Int(parts[1]) : bits, (0...bits).contains(prefix) else { return nil }
        self.init(network: network, prefix: prefix)
    }

    func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == network.bytes.count else { return false }
        return (0..<prefix).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return address.bytes[bit / 8] & mask == network.bytes[bit / 8] & mask
        }
    }

    var description: String { prefix == network.bytes.count * 8 ? "\(network)" : "\(network)/\(prefix)" }
}
