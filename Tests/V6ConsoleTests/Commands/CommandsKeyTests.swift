// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

struct CommandsKeyTests {
    @Test func keyIsMadePrivateAndNeverReplaced() async throws {
        try await withWorld { world in
            let file = world.folder.appending(path: "k/key.pem").path
            #expect(await world.run("key", "generate", file, "--bits", "2048").status == 0)
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let key = try PrivateKey(pem: String(contentsOf: URL(filePath: file), encoding: .utf8))
            let again = await world.run("key", "generate", "--out", file, "--bits", "2048")
            #expect(again.status == 6)
            #expect(try String(contentsOf: URL(filePath: file), encoding: .utf8) == key.pem)
            let shown = await world.run("key", "show", file)
            #expect(shown.output == key.publicKey.pem)
            #expect(shown.talk == key.publicKey.fingerprint + "\n")
            #expect(await world.run("key", "generate").status == 64)
        }
    }

    @Test func keyOfAnOrganizationIsReplacedOnlyWhenAsked() async throws {
        let (mine, other) = (try PrivateKey.generate(bits: 2048), try PrivateKey.generate(bits: 2048))
        let server: [String: StubServer.Answer] = [
            "GET /organization": StubServer.list([["id": 2, "name": "alpha"]]),
            "GET /organization/2": StubServer.json([
                "id": 2, "name": "alpha", "public_key": .string(other.publicKey.wire),
            ]),
            "PATCH /organization/2": StubServer.json(["id": 2]),
        ]
        try await withWorld(server) { world in
            let file = world.folder.appending(path: "key.pem").path
            try Data(mine.pem.utf8).write(to: URL(filePath: file))
            let refused = await world.run("organization", "set-key", file, "--org", "alpha")
            #expect(refused.status == 6)
            #expect(refused.talk.contains(other.publicKey.fingerprint))
            #expect(world.server.bodies("PATCH /organization/2").isEmpty)
            #expect(await world.run("organization", "set-key", file, "--org", "alpha", "--replace").status == 0)
            #expect(world.server.bodies("PATCH /organization/2") == [["public_key": .string(mine.publicKey.wire)]])
        }
    }
}
