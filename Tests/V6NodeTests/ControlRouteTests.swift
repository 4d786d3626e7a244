// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Node

/// What a request to the control API means.
struct ControlRouteTests {
    @Test(arguments: [
        ("GET", "/status", ControlRoute.status), ("GET", "/runs", .runs), ("GET", "/runs/7", .run(7)),
        ("GET", "/queue", .queue), ("GET", "/containers", .containers), ("GET", "/disk", .disk),
        ("GET", "/databases", .databases), ("GET", "/policy", .policy), ("GET", "/gc", .leftovers),
        ("POST", "/gc", .collectGarbage), ("POST", "/runs/7/kill", .kill(7)),
        ("GET", "/runs/7/log", .log(7, follow: false)), ("DELETE", "/runs/7", .missing), ("GET", "/", .missing),
        ("POST", "/status", .missing), ("GET", "/runs/7/kill", .missing),
    ])
    func routes(method: String, path: String, route: ControlRoute) {
        #expect(ControlRoute(method: method, path: path, query: nil) == route)
    }

    @Test func parametersAreRead() {
        #expect(ControlRoute(method: "GET", path: "/runs/7/log", query: "follow=1") == .log(7, follow: true))
        #expect(
            ControlRoute(method: "GET", path: "/policy/explain", query: "image=a%2Fb%3A1&user=3&organization=4&store=5")
                == .explain(.init(image: "a/b:1", user: 3, organization: 4, store: 5)))
    }

    @Test(arguments: [("/policy/explain", ""), ("/policy/explain", "image=a&user=x"), ("/runs/x", "")])
    func whatCannotBeReadIsNamed(path: String, query: String) {
        guard case .invalid = ControlRoute(method: "GET", path: path, query: query) else {
            Issue.record("\(path)?\(query) was taken")
            return
        }
    }
}
