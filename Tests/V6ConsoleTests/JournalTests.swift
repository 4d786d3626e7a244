// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

@testable import V6Console

/// What a person was told: on screen, under `:messages`, and in the log.
@Suite struct JournalTests {
    @Test func whatWentWrongIsShownKeptAndLogged() {
        var app = Network.app(size: Size(rows: 24, columns: 100))
        let fault = Fault(
            kind: .other, message: "The server failed.", origin: "GET /task was answered with 500, request 3f2a")
        _ = app.update(.finished(.kill(task: 30), .failed(fault)), at: Network.now)
        _ = app.update(.finished(.load(.roles), .failed(fault)), at: Network.now.adding(seconds: 70))
        let lines = app.model.world.journal.takeLines()
        #expect(lines.count == 2)
        #expect(
            lines.first
                == "\(Network.now.text)Z error The server failed. ctrl-r tries again. (GET /task was answered with 500, request 3f2a)"
        )
        #expect(app.model.world.journal.takeLines().isEmpty, "a line is written once")
        _ = app.update(.key("f"), at: Network.now)
        app.visit("whoami")
        _ = app.update(.key("f"), at: Network.now)
        #expect(app.model.notice?.isRefusal == true && app.model.world.journal.entries.count == 2)
        app.visit("messages")
        #expect(app.view().text.contains("request 3f2a") && app.view().text.contains("Messages: 2 errors"))
        app.visit("doctor")
        app.model.world.federation.absorb(.examination([]), for: .examination, at: Network.now)
        #expect(app.view().text.contains("last errors"))
    }

    @Test func theSameErrorAgainIsNoNews() {
        var journal = Journal()
        for second in stride(from: 0.0, to: 120, by: 5) {
            journal.note(.bad("No answer."), at: Network.now.adding(seconds: second))
        }
        journal.note(.good("Saved"), at: Network.now)
        #expect(journal.entries.count == 3)
        #expect(journal.takeLines().count == 2, "what went well is not in the log")
    }

    @Test func theLogHoldsNoSecretsAndNoEscapes() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.c2lnbmF0dXJl"
        let entry = Journal.Entry(
            at: Network.now, notice: .bad("Refused \(token): password=hunter2, \"token\": \"abc\"\u{1B}[2J\nnext"))
        #expect(!entry.line.contains("eyJ") && !entry.line.contains("hunter2") && !entry.line.contains("abc"))
        #expect(!entry.line.contains("\u{1B}") && !entry.line.contains("\n"))
        #expect(entry.line.contains("next"))
        var app = Network.app()
        let secret = Fault(kind: .rejected, message: "Enrol this secret: JBSWY3DP", isConfidential: true)
        let request = SignInRequest(server: "s", username: "u", password: "p", keyPath: "")
        _ = app.update(.finished(.signIn(request), .failed(secret)), at: Network.now)
        #expect(app.model.world.journal.entries.isEmpty)
    }

    @Test func theLogIsPrivateAndRotates() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "v6-log-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = try #require(ErrorLog(directory: folder))
        for _ in 0..<3_000 { log.write(String(repeating: "x", count: 400)) }
        log.restore()
        let attributes = try FileManager.default.attributesOfItem(atPath: log.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect((attributes[.size] as? Int ?? .max) <= 1 << 20)
        #expect(FileManager.default.fileExists(atPath: log.path + ".1"))
    }
}
