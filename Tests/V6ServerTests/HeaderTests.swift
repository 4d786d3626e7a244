// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Server

/// The headers of every answer.
struct HeaderTests {
    /// Answers of all sorts.
    private static let requests: [(method: String, path: String)] = [
        ("GET", "/version"), ("GET", "/health"), ("GET", "/rule"), ("GET", "/nothing"), ("PUT", "/task"),
        ("OPTIONS", "/task"), ("HEAD", "/version"), ("POST", "/token/user"), ("GET", "/task//1"),
    ]

    @Test func answersAreNeitherKeptNorGuessedAtAndNameNoProgram() async throws {
        try await TestServer.run { server in
            for (method, path) in Self.requests {
                let answer = try await server.send(method, path, headers: [("Origin", "https://evil.example")])
                #expect(answer.headers["x-content-type-options"] == "nosniff", "\(method) \(path)")
                #expect(answer.headers["cache-control"] == "no-store", "\(method) \(path)")
                #expect(answer.headers["server"] == nil, "\(method) \(path)")
                for header in answer.headers {
                    #expect(!header.name.lowercased().hasPrefix("access-control-allow"), "\(method) \(path)")
                    #expect(!header.value.lowercased().contains("hummingbird"), "\(method) \(path)")
                }
                if path != "/version" { #expect(!answer.text.contains(ServiceResource.contractVersion)) }
            }
        }
    }

    @Test func onlyConfiguredOriginsAreAllowed() async throws {
        try await TestServer.run {
            $0.corsOrigins = ["https://ui.example.org", #"https://[a-z]+\.example\.net"#]
        } body: { server in
            for (origin, isAllowed) in [
                ("https://ui.example.org", true), ("https://ui.example.org.evil.example", false),
                ("https://evil.example", false), ("null", false), ("https://web.example.net", true),
                ("https://web.example.net.evil.example", false),
            ] {
                let answer = try await server.send("GET", "/version", headers: [("Origin", origin)])
                #expect(answer.headers["access-control-allow-origin"] == (isAllowed ? origin : nil))
            }
        }
    }
}
