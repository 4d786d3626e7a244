// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6TestSupport

@testable import V6Node

struct EngineLocationTests {
    @Test(arguments: [
        ("auto", "unix:///x.sock", ["unix:///x.sock"]), ("auto", "tcp://h:1", ["tcp://h:1"]), ("auto", "ssh://h", []),
        ("docker", "unix:///x.sock", ["unix:///var/run/docker.sock", "unix:///run/user/7/docker.sock"]),
        ("podman", "", ["unix:///run/user/7/podman/podman.sock", "unix:///run/podman/podman.sock"]),
        ("unix:///own.sock", "unix:///x.sock", ["unix:///own.sock"]), ("/own.sock", "", ["unix:///own.sock"]),
        (
            "auto", "",
            [
                "unix:///var/run/docker.sock", "unix:///run/user/7/docker.sock",
                "unix:///run/user/7/podman/podman.sock", "unix:///run/podman/podman.sock",
            ]
        ),
    ])
    func places(runtime: String, host: String, expected: [String]) {
        let environment = ["DOCKER_HOST": host, "XDG_RUNTIME_DIR": "/run/user/7"]
        let found = EngineLocation.candidates(runtime: runtime, environment: environment)
        #expect(found.map(\.description) == expected)
    }

    /// Podman is started where it is meant and installed, and where no other engine has the containers.
    @Test func podmanIsStartedOnlyWhereNothingElseIsMeant() async throws {
        try await withTemporaryDirectory { folder in
            let program = folder.appendingPathComponent("podman")
            try Data("#!/bin/sh\n".utf8).write(to: program)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
            let there = ["PATH": "/nowhere:\(folder.path)", "XDG_RUNTIME_DIR": folder.path]
            let service = PodmanService(runtime: "podman", environment: there)
            #expect(service?.location.socket == "\(folder.path)/podman/podman.sock")
            #expect(PodmanService(runtime: "podman", environment: ["PATH": "/nowhere"]) == nil)
            #expect(PodmanService(runtime: "docker", environment: there) == nil)
            #expect(PodmanService(runtime: "/own.sock", environment: there) == nil)
            let named = there.merging(["DOCKER_HOST": "unix:///x.sock"]) { $1 }
            #expect(PodmanService(runtime: "auto", environment: named) == nil)
            // A Docker engine that does not answer now is the one that has the containers.
            try Data().write(to: folder.appendingPathComponent("docker.sock"))
            #expect(PodmanService(runtime: "auto", environment: there) == nil)
        }
    }
}
