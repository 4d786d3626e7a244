// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7", 4), ("2001:DB8:0:0::7", "2001:db8::7", 16), ("::ffff:192.0.2.7", "192.0.2.7", 4),
        ("::", "::", 16),
    ])
    func addresses(text: String, shortest: String, count: Int) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == shortest)
        #expect(address.bytes.count == count)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test(arguments: ["", "192.0.2", "192.0.2.256", "192.0.2.7/24", "localhost", "[::1]", "fe80::1%eth0", ":::"])
    func everythingElse(text: String) { #expect(IPAddress(text) == nil) }
}
