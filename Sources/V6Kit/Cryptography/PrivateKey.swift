// SPDX-License-Identifier: Apache-2.0

internal import CryptoExtras
internal import Foundation

/// The private half of an organization's key: who has it can read what was encrypted for the organization.
public struct PrivateKey: Sendable {
    private let der: Data

    /// The public half.
    public let publicKey: PublicKey

    /// Reads a key from PEM text, PKCS#1 or PKCS#8, without password.
    /// - Throws: ``CryptographyError``.
    public init(pem: String) throws(CryptographyError) {
        do { self.init(try _RSA.Encryption.PrivateKey(pemRepresentation: pem)) } catch {
            throw Self.fault(of: pem)
        }
    }

    /// Why a text that is no private key of ours is none.
    private static func fault(of pem: String) -> CryptographyError {
        guard let begin = pem.range(of: "-----BEGIN ") else {
            return CryptographyError(.invalidKey, "it is no key in PEM form")
        }
        let label = pem[begin.upperBound...].prefix { $0 != "-" }
        if label.contains("ENCRYPTED") || pem.contains("Proc-Type: 4,ENCRYPTED") {
            return CryptographyError(.lockedKey, "the key is encrypted with a passphrase")
        }
        if label.contains("PUBLIC") { return CryptographyError(.foreignKey, "it is a public key, not the private one") }
        guard label.hasSuffix("PRIVATE KEY") else {
            return CryptographyError(.foreignKey, "it is no private key, but \(label.lowercased())")
        }
        let body = pem[begin.upperBound...].split(separator: "\n").dropFirst().prefix { !$0.hasPrefix("-----") }
        let der = Data(base64Encoded: body.joined(), options: .ignoreUnknownCharacters)
        // The identifier of RSA keys in a container for keys of all kinds.
        let isRSA =
            label.hasPrefix("RSA") || der?.range(of: Data([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1])) != nil
        return isRSA
            ? CryptographyError(.invalidKey, "the RSA key in it is damaged, or of a size that is not used")
            : CryptographyError(.foreignKey, "it is not an RSA key")
    }

    private init(_ key: _RSA.Encryption.PrivateKey) {
        der = key.derRepresentation
        publicKey = PublicKey(key.publicKey)
    }

    /// Makes a key; takes seconds, so it belongs off any request path.
    /// - Parameter bits: the size of the modulus; the reference makes 4096.
    /// - Returns: the new key.
    /// - Throws: ``CryptographyError``.
    public static func generate(bits: Int = 4096) throws(CryptographyError) -> PrivateKey {
        do { return PrivateKey(try _RSA.Encryption.PrivateKey(keySize: .init(bitCount: bits))) } catch {
            throw CryptographyError(.invalidKey, "no key of \(bits) bits can be made; use 2048 or 4096")
        }
    }

    /// The key as PEM text (`BEGIN RSA PRIVATE KEY`), as the reference writes it.
    public var pem: String { PEM.text(label: "RSA PRIVATE KEY", der: der) }

    func decrypt(_ message: Data) throws -> Data {
        try _RSA.Encryption.PrivateKey(derRepresentation: der).decrypt(message, padding: ._WEAK_AND_INSECURE_PKCS_V1_5)
    }
}
