// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// The description of the endpoints.
struct OpenAPITests {
    @Test func everyRouteIsDescribedOnce() async throws {
        try await TestServer.run { server in
            let response = try await server.transport.send(HTTPRequest(url: server.address.root + "/openapi.json"))
            let document = try JSONValue(parsing: response.body)
            #expect(document["openapi"] == "3.1.0")
            #expect(document["servers"]?[0]?["url"] == "/api")
            var names: [String] = []
            for route in server.routes {
                let operation = document["paths"]?[route.path]?[route.method.lowercased()]
                #expect(operation?["summary"] == .string(route.summary), "\(route.method) \(route.path)")
                #expect((operation?["security"] == []) == (route.callers == .anyone))
                names.append(operation?["operationId"]?.stringValue ?? "")
            }
            #expect(Set(names).count == server.routes.count)
            let login = document["paths"]?["/token/user"]?["post"]?["requestBody"]?["content"]?["application/json"]
            #expect(login?["schema"]?["required"] == ["username", "password"])
        }
    }

    @Test func thePageForPeopleIsUpToDate() async throws {
        try await TestServer.run { server in
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("docs/api.md")
            let page = APIManual(routes: server.routes).text
            let committed = try String(contentsOf: file, encoding: .utf8)
            #expect(
                committed == page,
                "docs/api.md is not what `v6-server api` prints: make it anew with `v6-server api > docs/api.md`")
        }
    }
}
