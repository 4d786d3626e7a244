// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

/// Findings of `v6-node check` that need neither server nor engine.
struct NodeCheckTests {
    private func check(
        path: String = "/none.yaml", environment: [String: String] = [:],
        _ change: (inout NodeConfiguration) throws -> Void
    ) rethrows -> NodeCheck {
        var configuration = NodeConfiguration(
            name: "test", apiKey: "key", server: "http://127.0.0.1:1", apiPath: "/api", privateKeyPath: "/none.pem",
            parallelRuns: 1, dataFolder: "/tmp")
        try change(&configuration)
        return NodeCheck(
            configuration: configuration, configurationPath: path, transport: StubServer(), environment: environment,
            executable: "")
    }

    @Test func policiesThatSayMoreThanTheyMean() throws {
        let open = check { _ in }
        #expect(open.policies().map(\.verdict) == [.warning])
        let wide = try check {
            $0.policy.algorithms = [try PolicyEntry(".*"), try PolicyEntry("a/b")]
            $0.policy.acceptsEither = true
            $0.policy.requiresPull = false
        }
        let texts = wide.policies().filter { $0.verdict == .warning }.map(\.text)
        #expect(texts.count == 3)
        #expect(texts.contains { $0.contains("\".*\" in allowed_algorithms covers every image") })
        #expect(texts.contains { $0.contains("allow_either_whitelist_or_store has no effect") })
        #expect(texts.contains { $0.contains("require_algorithm_pull is false") })
        let sane = try check { $0.policy.algorithms = [try PolicyEntry("^a/b.*$")] }
        #expect(sane.policies().map(\.verdict) == [.fine])
    }

    @Test func whyADatabaseIsOutOfReachIsSaidInWords() async {
        let findings = await check {
            $0.databases = [
                DatabaseConfiguration(
                    label: "a", uri: "postgresql://u:secret@127.0.0.1:1/x", type: "sql", kind: .connection,
                    isMountedReadOnly: false, parameters: [:])
            ]
        }.outside(StubEngine())
        #expect(findings.map(\.verdict) == [.fault])
        #expect(
            findings.first?.text
                == "the node cannot connect to 127.0.0.1:1 (Connection refused); is it running, and does it let this machine in?"
        )
    }

    @Test func whatTheEngineCannotDoIsNamed() {
        let able = check { $0.housekeeping.freeBytes = 1 }.traits(EngineTraits())
        #expect(able.map(\.subject) == ["restarts", "limits"] && able.allSatisfy { $0.verdict == .fine })
        var traits = EngineTraits(podman: ["host": ["cgroupControllers": ["pids"]], "store": ["graphRoot": "/tmp"]])
        traits.sparesContainers = false
        let unable = check { $0.housekeeping.freeBytes = 1 << 60 }.traits(traits)
        #expect(unable.map(\.verdict) == [.warning, .warning, .fault])
        #expect(unable[0].text.contains("live-restore") && unable[1].text.contains("isolation.memory, isolation.cpus"))
        #expect(unable[2].text.contains("the engine's /tmp"))
    }

    @Test(arguments: [
        (nil as String?, NodeCheck.Finding.Verdict.fine, NodeCheck.Finding.Verdict.fine, "has r:5000/a"),
        ("x509: certificate signed by unknown authority", .fault, .fault, "/etc/docker/certs.d/r:5000/ca.crt"),
        ("connect: connection refused", .fault, .fault, "cannot reach"),
        ("unauthorized: authentication required", .fault, .warning, "docker_registries"),
        ("manifest unknown", .fault, .fine, "answers"),
    ])
    func registriesWithAndWithoutALogin(
        message: String?, signedIn: NodeCheck.Finding.Verdict, named: NodeCheck.Finding.Verdict, text: String
    ) async throws {
        let engine = StubEngine(pullFailure: message.map { EngineError(status: 500, message: $0) })
        let findings = await
            (try check {
                $0.registries = [.init(registry: "https://own.example", username: "u", password: "secret")]
                $0.policy.algorithms = try ["r:5000/a", "r:5000/b:2", "own.example/c", #"^other\.example/.*$"#].map(
                    PolicyEntry.init)
            }).registries(engine)
        #expect(findings.map(\.subject) == ["registry https://own.example", "registry r:5000"])
        #expect(findings.map(\.verdict) == [signedIn, named])
        #expect(findings.last?.text.contains(text) == true)
        #expect(!findings.contains { $0.text.contains("secret") })
    }

    @Test func secretsThatOthersCanRead() async throws {
        try await withTemporaryDirectory { folder in
            let (file, key) = (folder.appendingPathComponent("site.yaml"), folder.appendingPathComponent("key.pem"))
            for url in [file, key] { try Data().write(to: url) }
            func subjects(_ mode: Int, isEncrypted: Bool) throws -> [String] {
                for url in [file, key] {
                    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
                }
                return check(path: file.path) {
                    $0.isEncrypted = isEncrypted
                    $0.privateKeyPath = key.path
                }.secrets().map(\.subject)
            }
            #expect(try subjects(0o644, isEncrypted: true) == ["API key", "private key"])
            #expect(try subjects(0o640, isEncrypted: false) == ["API key"])
            #expect(try subjects(0o600, isEncrypted: true) == [])
        }
    }

    @Test func howTheServerIsReached() async throws {
        let here = await check { _ in }.connection()
        #expect(here.map(\.subject) == ["name"] && here.map(\.verdict) == [.fine])
        // In no network, so that nobody is asked.
        let unprotected = await check(environment: ["HTTPS_PROXY": "http://proxy:3128"]) {
            $0.server = "http://198.51.100.7"
        }.connection()
        #expect(unprotected.first { $0.subject == "TLS" }?.verdict == .warning)
        let behind = await check(environment: ["HTTPS_PROXY": "http://proxy:3128"]) {
            $0.server = "https://v6.example.org"
        }.connection()
        #expect(behind.first?.subject == "proxy" && behind.first?.text.contains("proxy") == true)
    }
}
