// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import CryptoExtras
internal import Foundation

/// The public half of an organization's key: who has it can encrypt for the organization.
public struct PublicKey: Sendable, Hashable {
    let der: Data
    /// The size of the modulus.
    public let bits: Int

    /// Reads a key from PEM text (`BEGIN PUBLIC KEY`, or `BEGIN RSA PUBLIC KEY`).
    /// - Throws: ``CryptographyError``.
    public init(pem: String) throws(CryptographyError) {
        do { self.init(try _RSA.Encryption.PublicKey(pemRepresentation: pem)) } catch {
            throw CryptographyError(.invalidKey, "this is no RSA public key in PEM form")
        }
    }

    /// Reads a key as the server hands it out: base64 of the PEM text.
    /// - Throws: ``CryptographyError``.
    public init(wire: String) throws(CryptographyError) {
        guard let data = Data(base64Encoded: wire), !data.isEmpty, let pem = String(data: data, encoding: .utf8) else {
            throw CryptographyError(
                .invalidKey, "the organization has no public key, or it is not base64 of a PEM text")
        }
        try self.init(pem: pem)
    }

    init(_ key: _RSA.Encryption.PublicKey) {
        der = key.derRepresentation
        bits = key.keySizeInBits
    }

    /// The key as PEM text with lines of 64 columns and a newline at the end, as the reference writes it.
    public var pem: String { PEM.text(label: "PUBLIC KEY", der: der) }

    /// The key as the server wants it: base64 of the PEM text.
    public var wire: String { Data(pem.utf8).base64EncodedString() }

    /// A short name for comparing keys by eye: `SHA256:` and the base64 of the digest of the key's DER form.
    public var fingerprint: String {
        let digest = Data(SHA256.hash(data: der)).base64EncodedString()
        return "SHA256:" + digest.replacingOccurrences(of: "=", with: "")
    }

    func encrypt(_ message: Data) throws -> Data {
        try _RSA.Encryption.PublicKey(derRepresentation: der).encrypt(message, padding: ._WEAK_AND_INSECURE_PKCS_V1_5)
    }
}
