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
            throw CryptographyError(.invalidKey, "this is no RSA private key in PEM form without a password")
        }
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
