// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

struct ServerAddressTests {
    @Test(
        "addresses are read as people write them",
        arguments: [
            ("https://v6.example.org", nil, "https://v6.example.org", "/api"),
            ("https://v6.example.org/", nil, "https://v6.example.org", "/api"),
            ("http://127.0.0.1:7601/server/api/", nil, "http://127.0.0.1:7601", "/server/api"),
            ("v6.example.org", nil, "https://v6.example.org", "/api"),
            ("localhost:7601", nil, "http://localhost:7601", "/api"),
            ("https://v6.example.org", "", "https://v6.example.org", ""),
            ("http://[::1]:7601", "api", "http://[::1]:7601", "/api"),
        ] as [(String, String?, String, String)])
    func reads(_ text: String, _ path: String?, _ root: String, _ apiPath: String) throws {
        let address = try ServerAddress(text, apiPath: path)
        #expect(address.root == root && address.apiPath == apiPath)
    }

    @Test("what is no address is refused", arguments: ["", "ftp://x", "https://", "http://a b", "https://x/api?y=1"])
    func refuses(_ text: String) {
        #expect(throws: InvalidServerAddress.self) { try ServerAddress(text) }
    }

    @Test("queries are escaped")
    func queries() throws {
        let address = try ServerAddress("http://h:1")
        #expect(
            address.url("/task", query: [("name", "a b&c=%+é")]) == "http://h:1/api/task?name=a%20b%26c%3D%25%2B%C3%A9")
        #expect(address.url("/task?page=2", query: [("x", "1")]) == "http://h:1/api/task?page=2&x=1")
    }
}
