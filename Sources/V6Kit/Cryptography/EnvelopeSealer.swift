// SPDX-License-Identifier: Apache-2.0

internal import Crypto
public import Foundation

/// Encrypts one message for an organization piece by piece (`encryption`, §1 and §4).
///
/// A copy made before the first piece encrypts the same message again.
public struct EnvelopeSealer: Sendable {
    /// What comes before the ciphertext: `base64(RSA block)$base64(IV)$`.
    public let header: Data
    private let fingerprint: String
    private var cipher: CounterMode

    /// Draws the keys of a message.
    /// - Throws: ``CryptographyError``.
    public init(for receiver: PublicKey) throws(CryptographyError) {
        fingerprint = receiver.fingerprint
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let counter = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
        guard let cipher = CounterMode(key: key, initial: counter), let wrapped = try? receiver.encrypt(key) else {
            throw CryptographyError(.cannotSeal, "encryption for the key \(receiver.fingerprint) failed")
        }
        self.cipher = cipher
        header = Data("\(wrapped.base64EncodedString())$\(counter.base64EncodedString())$".utf8)
    }

    /// The ciphertext of the next piece: as many bytes as it has.
    /// - Throws: ``CryptographyError``.
    public mutating func seal(_ piece: Data) throws(CryptographyError) -> Data {
        do { return try cipher.apply(to: piece) } catch {
            throw CryptographyError(.cannotSeal, "encryption for the key \(fingerprint) failed")
        }
    }
}
