// SPDX-License-Identifier: Apache-2.0

internal import Crypto
public import Foundation

/// The message format of encrypted collaborations (`encryption`, §1 to §4).
///
/// `base64(RSA block)$base64(IV)$base64(AES ciphertext)`: a fresh AES-256 key for every message, encrypted with RSA
/// PKCS#1 v1.5 for the receiver, and the body in counter mode. The format has no integrity check; the wire contract
/// leaves no room for one.
public enum Envelope {
    private static let separator = UInt8(ascii: "$")

    /// Encrypts bytes for an organization, as text.
    /// - Throws: ``CryptographyError``.
    public static func seal(_ plaintext: Data, for receiver: PublicKey) throws(CryptographyError) -> String {
        var sealer = try EnvelopeSealer(for: receiver)
        return String(decoding: sealer.header, as: UTF8.self) + (try sealer.seal(plaintext)).base64EncodedString()
    }

    /// Encrypts bytes for an organization, as a blob: the same header, then the raw ciphertext.
    /// - Throws: ``CryptographyError``.
    public static func sealBlob(_ plaintext: Data, for receiver: PublicKey) throws(CryptographyError) -> Data {
        var sealer = try EnvelopeSealer(for: receiver)
        return sealer.header + (try sealer.seal(plaintext))
    }

    /// Opens a text message, also one in the layout of the browser client.
    ///
    /// A plaintext that is base64 text of JSON comes back as that JSON, as the browser means it; every other plaintext
    /// comes back as it is.
    /// - Throws: ``CryptographyError``, the same for every cause.
    public static func open(_ message: String, with key: PrivateKey) throws(CryptographyError) -> Data {
        let (header, rest) = try split(Data(message.utf8))
        guard let body = Data(base64Encoded: rest) else { throw refusal }
        return unwrapBrowserLayer(try decrypt(header, body, with: key))
    }

    /// Opens a blob.
    /// - Throws: ``CryptographyError``, the same for every cause.
    public static func openBlob(_ blob: Data, with key: PrivateKey) throws(CryptographyError) -> Data {
        let (header, body) = try split(blob)
        return try decrypt(header, body, with: key)
    }

    fileprivate static let refusal = CryptographyError(
        .cannotOpen, "the message cannot be opened with this private key; was it encrypted for another organization?")

    struct Header {
        let wrappedKey: Data
        let counter: Data

        /// The cipher of the message.
        func cipher(with key: PrivateKey) throws(CryptographyError) -> CounterMode {
            do {
                var secret = try key.decrypt(wrappedKey)
                // The browser cannot encrypt raw bytes and sends the base64 text of the key instead.
                if secret.count == 44, let raw = Data(base64Encoded: secret) { secret = raw }
                guard let cipher = CounterMode(key: secret, initial: counter) else { throw refusal }
                return cipher
            } catch {
                throw refusal
            }
        }
    }

    /// Takes header and ciphertext apart.
    static func split(_ message: Data) throws(CryptographyError) -> (Header, Data) {
        guard let first = message.firstIndex(of: separator),
            let second = message[message.index(after: first)...].firstIndex(of: separator),
            let wrapped = Data(base64Encoded: message[..<first]),
            let counter = Data(base64Encoded: message[message.index(after: first)..<second])
        else {
            throw CryptographyError(.cannotOpen, "this is no encrypted message; is the collaboration encrypted?")
        }
        return (Header(wrappedKey: wrapped, counter: counter), message[message.index(after: second)...])
    }

    private static func decrypt(
        _ header: Header, _ body: Data, with key: PrivateKey
    ) throws(CryptographyError) -> Data {
        do {
            var cipher = try header.cipher(with: key)
            return try cipher.apply(to: body)
        } catch {
            throw refusal
        }
    }

    private static func unwrapBrowserLayer(_ plaintext: Data) -> Data {
        if (try? JSONValue(parsing: plaintext)) != nil { return plaintext }
        guard let inner = Data(base64Encoded: plaintext), (try? JSONValue(parsing: inner)) != nil else {
            return plaintext
        }
        return inner
    }
}
