// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import V6Kit

/// What a file that holds no key of ours is called.
@Suite struct PrivateKeyFaultTests {
    private static func pem(_ label: String, _ body: String = "AAAA") -> String {
        "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
    }

    /// The container of a key on the curve P-256, cut after its head.
    private static let curve = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg"
    /// The container of an RSA key, cut after its head.
    private static let torn = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"

    @Test(arguments: [
        ("", CryptographyError.Code.invalidKey, "no key in PEM form"),
        (pem("ENCRYPTED PRIVATE KEY"), .lockedKey, "encrypted with a passphrase"),
        (pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA"), .lockedKey, "passphrase"),
        (pem("PRIVATE KEY", curve), .foreignKey, "not an RSA key"),
        (pem("EC PRIVATE KEY"), .foreignKey, "not an RSA key"),
        (pem("OPENSSH PRIVATE KEY"), .foreignKey, "not an RSA key"),
        (pem("PUBLIC KEY"), .foreignKey, "public key"), (pem("CERTIFICATE"), .foreignKey, "certificate"),
        (pem("PRIVATE KEY", torn), .invalidKey, "damaged"), (pem("RSA PRIVATE KEY"), .invalidKey, "damaged"),
    ])
    func faultIsNamed(_ text: String, _ code: CryptographyError.Code, _ words: String) {
        let error = #expect(throws: CryptographyError.self) { try PrivateKey(pem: text) }
        #expect(error?.code == code && error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func sizeIsTold() throws {
        let key = try PrivateKey.generate(bits: 2_048)
        #expect(key.publicKey.bits == 2_048)
        #expect(try PublicKey(wire: key.publicKey.wire) == key.publicKey)
    }
}
