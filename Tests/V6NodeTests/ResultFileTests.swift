// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import V6Kit
import V6TestSupport

@testable import V6Node

/// What goes to the server is made in pieces and must be the same as if it were made at once.
struct ResultFileTests {
    private static let key = Result { try PrivateKey.generate(bits: 2048) }
    private static let members: JSONObject = ["log": "a \"b\"\n", "status": "completed"]

    @Test(arguments: [0, 1, 2, 3, 49_151, 49_152, 49_153, 300_001], [false, true])
    func anyLength(count: Int, isEncrypted: Bool) async throws {
        let key = try Self.key.get()
        let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try await withTemporaryDirectory { folder in
            let file = folder.appendingPathComponent("output")
            try bytes.write(to: file)
            let result = ResultFile(
                path: file.path, count: count, sealer: isEncrypted ? try EnvelopeSealer(for: key.publicKey) : nil)

            let document = result.document(with: Self.members)
            let sent = try document.collected()
            #expect(sent.count == document.count)
            #expect(try document.collected() == sent, "a second attempt sends the same")
            let json = try JSONValue(parsing: sent)
            #expect(json["log"] == "a \"b\"\n" && json["status"] == "completed")
            let text = try #require(json["result"]?.stringValue)
            #expect(try isEncrypted ? Envelope.open(text, with: key) == bytes : PlainText.decode(text) == bytes)

            let blob = try result.blob.collected()
            #expect(blob.count == result.blob.count)
            #expect(try Self.open(blob, key: isEncrypted ? key : nil, pieceSize: 1000) == bytes)
            #expect(try Self.open(blob, key: isEncrypted ? key : nil, pieceSize: 1 << 20) == bytes)
        }
    }

    @Test func aFileThatBecameShorterIsNotPassedOff() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appendingPathComponent("output")
            try Data(count: 10).write(to: file)
            let result = ResultFile(path: file.path, count: 11, sealer: nil)
            #expect(throws: NodeError.self) { try result.document(with: Self.members).collected() }
        }
    }

    @Test func aBlobForSomebodyElseIsRefused() throws {
        let key = try Self.key.get()
        var opener = BlobOpener(key: key)
        #expect(throws: CryptographyError.self) { _ = try opener.feed(Data("a$b$c".utf8)) }
        var plain = BlobOpener(key: key)
        #expect(throws: CryptographyError.self) {
            _ = try plain.feed(Data("e30=".utf8))
            _ = try plain.finish()
        }
    }

    private static func open(_ blob: Data, key: PrivateKey?, pieceSize: Int) throws -> Data {
        var opener = BlobOpener(key: key)
        var plain = Data()
        for start in stride(from: 0, to: blob.count, by: pieceSize) {
            plain += try opener.feed(blob[start..<min(start + pieceSize, blob.count)])
        }
        return plain + (try opener.finish())
    }
}
