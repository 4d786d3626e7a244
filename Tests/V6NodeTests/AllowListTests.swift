// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Node

/// Where an algorithm may connect to, decided without a network.
struct AllowListTests {
    private let list = AllowList(
        domains: ["example.org", ".below.org"], addresses: ["192.0.2.0/24", "10.1.2.3"].compactMap(AddressRange.init),
        ports: [443])

    /// What comes of a host, a port and the address that the host has.
    private func isOpen(_ host: String, _ port: Int, at address: String) throws -> Bool {
        let address = try #require(IPAddress(address))
        return list.refusal(host: host, port: port) == nil && list.admits(address, behind: host)
    }

    @Test(arguments: [
        ("example.org", 443, "198.51.100.1", true), ("EXAMPLE.org.", 443, "198.51.100.1", true),
        ("www.example.org", 443, "198.51.100.1", false), ("evil-example.org", 443, "198.51.100.1", false),
        ("example.org.evil.net", 443, "198.51.100.1", false), ("example.org", 80, "198.51.100.1", false),
        ("below.org", 443, "198.51.100.1", true), ("a.b.below.org", 443, "198.51.100.1", true),
        ("abelow.org", 443, "198.51.100.1", false), ("anything.net", 443, "192.0.2.9", false),
        ("example.org", 443, "10.1.2.3", true),
        ("192.0.2.9", 443, "192.0.2.9", true), ("192.0.3.9", 443, "192.0.3.9", false),
        ("10.1.2.3", 443, "10.1.2.3", true), ("10.1.2.4", 443, "10.1.2.4", false),
    ])
    func decisions(host: String, port: Int, address: String, expected: Bool) throws {
        #expect(try isOpen(host, port, at: address) == expected)
    }

    /// A listed name whose owner points it at the inside.
    @Test(arguments: [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "::10.0.0.1", "2002:a00:1::1",
    ])
    func aListedNameDoesNotLeadInside(address: String) throws {
        #expect(try isOpen("example.org", 443, at: address) == false)
    }

    @Test(arguments: [
        "172.32.0.1", "8.8.8.8", "2001:4860:4860::8888", "100.128.0.1", "::ffff:8.8.8.8", "64:ff9b::808:808",
    ])
    func publicAddressesArePublic(address: String) throws {
        #expect(try isOpen("example.org", 443, at: address))
    }

    @Test(arguments: ["", "1.2.3", "1.2.3.4/33", "1.2.3.4/x", "host", "1.2.3.4/8/8", "::1/129"])
    func noRanges(text: String) { #expect(AddressRange(text) == nil) }

    @Test func requestsToTheProxyAreRead() throws {
        let tunnel = try #require(WayOutRequest(head: "CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n"))
        #expect(tunnel.host == "example.org" && tunnel.port == 443 && tunnel.isTunnel)
        let literal = try #require(WayOutRequest(head: "CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n"))
        #expect(literal.host == "2001:db8::1")
        let plain = try #require(
            WayOutRequest(
                head: "GET http://example.org:81/a?b=c HTTP/1.1\r\nHost: evil\r\nProxy-Connection: x\r\nA: b\r\n\r\n"))
        #expect(plain.host == "example.org" && plain.port == 81 && !plain.isTunnel)
        #expect(
            plain.forwardedHead
                == "GET /a?b=c HTTP/1.1\r\nHost: example.org:81\r\nConnection: close\r\nA: b\r\n\r\n")
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "CONNECT example.org HTTP/1.1\r\n\r\n", "CONNECT a@b:443 HTTP/1.1\r\n\r\n",
        "GET https://example.org/ HTTP/1.1\r\n\r\n", "GET http://example.org/\r\n\r\n", "nonsense\r\n\r\n", "\r\n\r\n",
        "CONNECT example.org:99999 HTTP/1.1\r\n\r\n",
    ])
    func otherRequestsAreNot(head: String) { #expect(WayOutRequest(head: head) == nil) }
}
