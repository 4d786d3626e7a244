// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

/// Keys of other organizations: the first one counts until the operator says otherwise.
struct KeyPinTests {
    private let first: PublicKey
    private let second: PublicKey

    init() throws {
        first = try PrivateKey.generate(bits: 2048).publicKey
        second = try PrivateKey.generate(bits: 2048).publicKey
    }

    @Test func aChangedKeyWaitsForTheOperator() async throws {
        try await withTemporaryDirectory { folder in
            let journal = try RunJournal(path: folder.appendingPathComponent("journal.sqlite").path)
            let pins = journal.pins
            try pins.check(first, of: 7)
            try pins.check(first, of: 7)
            #expect(try pins.accepts(first) && !pins.accepts(second))
            let refusal = #expect(throws: KeyPins.Refusal.self) { try pins.check(second, of: 7) }
            let text = "\(try #require(refusal))"
            #expect(text.contains(first.fingerprint) && text.contains(second.fingerprint))
            #expect(text.contains("v6-node keys accept 7"))
            #expect(try pins.all().map(\.offered) == [second.fingerprint])
            #expect(try !pins.accepts(second))

            // Another process of the operator on the same file.
            let operators = try RunJournal(path: folder.appendingPathComponent("journal.sqlite").path).pins
            #expect(try operators.accept(7)?.fingerprint == second.fingerprint)
            #expect(try operators.accept(7) == nil)
            try pins.check(second, of: 7)
            #expect(throws: KeyPins.Refusal.self) { try pins.check(first, of: 7) }
        }
    }

    @Test func aKeyThatComesBackNeedsNobody() async throws {
        try await withTemporaryDirectory { folder in
            let pins = try RunJournal(path: folder.appendingPathComponent("journal.sqlite").path).pins
            try pins.check(first, of: 7)
            #expect(throws: KeyPins.Refusal.self) { try pins.check(second, of: 7) }
            try pins.check(first, of: 7)
            #expect(try pins.all().map(\.offered) == [nil])
        }
    }

    @Test func theOwnKeyIsTheOneOfTheNode() async throws {
        try await withTemporaryDirectory { folder in
            let pins = try RunJournal(path: folder.appendingPathComponent("journal.sqlite").path).pins
            let keys = KeyGuard(own: (3, first), pins: pins)
            try keys.check(first, of: 3)
            #expect(throws: KeyPins.Refusal.self) { try keys.check(second, of: 3) }
            try keys.check(second, of: 4)
            #expect(try keys.accepts(first) && keys.accepts(second))
            #expect(try pins.all().map(\.organization) == [4])
        }
    }
}
