// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit

/// The messages that the reference library made, and messages for the reference library.
struct EnvelopeTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let json: JSONValue
        var id: String { json["id"]?.stringValue ?? "" }
        var key: String? { json["key"]?.stringValue }
        var form: String { json["form"]?.stringValue ?? "" }
        var testDescription: String { id }

        /// The message, where it is in the file and not only its digest.
        var message: Data? {
            if let text = json["message"]?.stringValue { return Data(text.utf8) }
            return json["message_base64"]?.stringValue.flatMap { Data(base64Encoded: $0) }
        }

        /// What the sender encrypted, where it is in the file and not only its digest.
        var plaintext: Data? { json["plaintext_base64"]?.stringValue.flatMap { Data(base64Encoded: $0) } }
    }

    static func fixture(_ name: String) throws -> Data {
        try Data(contentsOf: Bundle.module.bundleURL.appendingPathComponent("Fixtures/vectors/\(name)"))
    }

    static func privateKey(_ name: String) throws -> PrivateKey {
        try PrivateKey(pem: String(decoding: fixture("\(name).pem"), as: UTF8.self))
    }

    static func vectors() throws -> [Vector] {
        let file = try JSONValue(parsing: fixture("encryption.json"))
        return try #require(file["messages"]?.arrayValue).map { Vector(json: $0) }
    }

    /// What a reader should make of a text message: as the browser means it, else the bytes as they were.
    static func reading(of plaintext: Data) -> Data {
        guard (try? JSONValue(parsing: plaintext)) == nil, let inner = Data(base64Encoded: plaintext),
            (try? JSONValue(parsing: inner)) != nil
        else { return plaintext }
        return inner
    }

    @Test("every message of the reference opens", arguments: try vectors().filter { $0.message != nil })
    func opens(_ vector: Vector) throws {
        let message = try #require(vector.message)
        let opened: Data
        switch (vector.key, vector.form) {
        case (nil, _): opened = try PlainText.decode(String(decoding: message, as: UTF8.self))
        case (let key?, "string"):
            opened = try Envelope.open(String(decoding: message, as: UTF8.self), with: Self.privateKey(key))
        case (let key?, _): opened = try Envelope.openBlob(message, with: Self.privateKey(key))
        }
        if let plaintext = vector.plaintext {
            #expect(opened == (vector.form == "string" && vector.key != nil ? Self.reading(of: plaintext) : plaintext))
        } else {
            #expect(opened.count == vector.json["plaintext_length"]?.intValue)
        }
    }

    @Test("the keys are read, and written as the reference writes them", arguments: ["rsa2048", "rsa4096"])
    func keys(_ name: String) throws {
        let key = try Self.privateKey(name)
        let file = try JSONValue(parsing: Self.fixture("encryption.json"))
        #expect(key.publicKey.wire == file["keys"]?[name]?["public_key_as_stored_at_server"]?.stringValue)
        #expect(try Data(key.pem.utf8) == Self.fixture("\(name).pem"))
        #expect(try Data(key.publicKey.pem.utf8) == Self.fixture("\(name).pub.pem"))
        #expect(try PublicKey(wire: key.publicKey.wire) == key.publicKey)
        #expect(key.publicKey.fingerprint.hasPrefix("SHA256:"))
    }

    @Test("a PKCS#8 file is the same key")
    func pkcs8() throws {
        #expect(try Self.privateKey("rsa2048-pkcs8").publicKey == Self.privateKey("rsa2048").publicKey)
    }

    @Test(
        "what is sealed opens again, in both forms, at the sizes where blocks end",
        arguments: [0, 1, 15, 16, 17, 70_000])
    func roundTrip(_ count: Int) throws {
        let key = try Self.privateKey("rsa2048")
        let plaintext = Data((0..<count).map { UInt8(truncatingIfNeeded: 31 &* $0 &+ $0 / 251 &+ 200) })
        #expect(try Envelope.open(Envelope.seal(plaintext, for: key.publicKey), with: key) == plaintext)
        #expect(try Envelope.openBlob(Envelope.sealBlob(plaintext, for: key.publicKey), with: key) == plaintext)
    }

    @Test("two messages never share key or counter")
    func fresh() throws {
        let key = try Self.privateKey("rsa2048").publicKey
        let first = try Envelope.seal(Data("same".utf8), for: key).split(separator: "$")
        let second = try Envelope.seal(Data("same".utf8), for: key).split(separator: "$")
        #expect(first[0] != second[0] && first[1] != second[1] && first[2] != second[2])
    }

    @Test("a foreign key, a torn message and clear text are refused, all with the same kind of error")
    func refusals() throws {
        let ours = try Self.privateKey("rsa2048")
        let other = try Self.privateKey("rsa4096")
        let message = try Envelope.seal(Data("{}".utf8), for: ours.publicKey)
        for (text, key) in [
            (message, other), (String(message.dropFirst(8)), ours), ("e30=", ours), ("", ours),
            (message.replacingOccurrences(of: "$", with: "%"), ours),
        ] {
            let error = #expect(throws: CryptographyError.self) { try Envelope.open(text, with: key) }
            #expect(error?.code == .cannotOpen)
        }
        #expect(throws: CryptographyError.self) { try PrivateKey(pem: "no key") }
        #expect(throws: CryptographyError.self) { try PublicKey(wire: "") }
    }

    /// Seals every plaintext of the vectors again; `check.py` reads the file with the reference library.
    @Test(
        "messages for the reference library are written",
        .enabled(if: sealedFile != nil, "V6_SEALED_MESSAGES names no file: `script/test vectors` does"))
    func sealsForTheReference() throws {
        var messages: [JSONValue] = []
        for vector in try Self.vectors() {
            guard let name = vector.key, let plaintext = vector.plaintext else { continue }
            let key = try Self.privateKey(name).publicKey
            var entry: JSONObject = [
                "id": .string(vector.id), "key": .string(name), "form": .string(vector.form),
                "plaintext_base64": .string(plaintext.base64EncodedString()),
                "public_key_as_stored_at_server": .string(key.wire),
            ]
            if vector.form == "string" {
                entry["message"] = .string(try Envelope.seal(plaintext, for: key))
                if (try? JSONValue(parsing: plaintext)) == nil { entry["expect"] = "bytes-only" }
            } else {
                entry["message_base64"] = .string(try Envelope.sealBlob(plaintext, for: key).base64EncodedString())
            }
            messages.append(.object(entry))
        }
        #expect(messages.count > 80)
        let file: JSONValue = ["messages": .array(messages)]
        try file.data().write(to: URL(fileURLWithPath: #require(Self.sealedFile)))
    }

    static let sealedFile = ProcessInfo.processInfo.environment["V6_SEALED_MESSAGES"]
}
