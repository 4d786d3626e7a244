// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Server

/// Secrets that nobody gets to know.
struct SecretTests {
    @Test(arguments: [
        "/user?sort=password", "/user?sort=-otp_secret", "/user?sort=failed_login_attempts", "/node?sort=api_key",
        "/user?sort=id,password", "/organization?sort=_public_key",
    ])
    func listsAreNotSortedBySecrets(path: String) async throws {
        try await TestServer.run { server in
            let root = try await TestNetwork(server).user("admin", of: 1, roles: [.root]).token
            let answer = try await server.send("GET", path, token: root)
            #expect(answer.status == 400)
            #expect(answer.message?.hasSuffix("because it does not exist") == true)
        }
    }

    @Test func theSigningSecretIsRandomAndKept() async throws {
        try await withTemporaryDirectory { folder in
            let (one, other) = (folder.path + "/one/a.secret", folder.path + "/b.secret")
            let secret = try SigningSecret.load(file: one)
            // 256 bits in hexadecimal digits.
            #expect(secret.wholeMatch(of: /[0-9a-f]{64}/) != nil)
            #expect(try SigningSecret.load(file: other) != secret)
            #expect(try SigningSecret.load(file: one) == secret)
            let attributes = try FileManager.default.attributesOfItem(atPath: one)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
    }

    @Test func pagesHaveAMostThatOldClientsDoNotReach() throws {
        // The original web interface asks for 9,999 at most.
        #expect(try Paging(Query("per_page=9999")).perPage == 9999)
        #expect(try Paging(Query("per_page=100000")).perPage == 100_000)
        #expect(try Paging(Query("per_page=9223372036854775807&page=9223372036854775807")).perPage == 100_000)
    }
}
