// SPDX-License-Identifier: Apache-2.0

import Testing
import V6Kit

@testable import V6Server

/// Pages of lists: envelope, links, headers.
struct PagingTests {
    @Test func linksLeadThroughTheList() async throws {
        try await TestServer.run { server in
            let network = try await TestNetwork(server)
            let token = try await network.user("admin", of: 1, roles: [.root]).token
            let middle = try await server.send("GET", "/rule?per_page=10&name=user&page=1&x=a%20b", token: token)
            #expect(middle.headers["total-count"] == "14")
            #expect(middle.headers["access-control-expose-headers"] == "total-count, Link")
            let links = middle.json["links"]
            #expect(links?["next"] == "/api/rule?per_page=10&name=user&page=2&x=a+b")
            #expect(links?["previous"] == nil)
            #expect(links?["last"] == "/api/rule?per_page=10&name=user&page=2&x=a+b")
            #expect(
                middle.headers["Link"]?.hasPrefix("</api/rule?per_page=10&name=user&page=1&x=a+b>; rel=first,") == true)
            let beyond = try await server.send("GET", "/rule?page=99", token: token)
            #expect(beyond.status == 200)
            #expect(beyond.json["data"] == [])
            #expect(beyond.json["links"]?["previous"] == "/api/rule?page=98")
            let all = try await server.send("GET", "/rule?no_pagination=1", token: token)
            #expect(all.json["data"]?.arrayValue?.count == 86)
        }
    }

    @Test(arguments: ["page=0", "page=x", "per_page=0", "sort=nope", "sort=-description,nope"])
    func nonsenseIsRefused(_ query: String) async throws {
        try await TestServer.run { server in
            let token = try await TestNetwork(server).user("admin", of: 1, roles: [.root]).token
            let answer = try await server.send("GET", "/rule?\(query)", token: token)
            #expect(answer.status == 400)
            #expect(answer.message?.isEmpty == false)
        }
    }

    @Test func sortingObeysTheDirection() async throws {
        try await TestServer.run { server in
            let token = try await TestNetwork(server).user("admin", of: 1, roles: [.root]).token
            let names = try await server.send("GET", "/organization?sort=-name", token: token)
                .json["data"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
            #expect(names == ["root", "Gamma", "Delta", "Beta", "Alpha"])
        }
    }
}
