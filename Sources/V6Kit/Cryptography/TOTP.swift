// SPDX-License-Identifier: Apache-2.0

internal import Crypto
public import Foundation

/// Time-based one-time passwords by RFC 6238: SHA-1, six digits, thirty seconds.
public struct TOTP: Sendable {
    /// The secret in base32, 32 characters.
    public let secret: String

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    /// A password generator for a secret; blanks in it do not count.
    public init(secret: String) {
        self.secret = String(secret.filter { !$0.isWhitespace })
    }

    /// A new random secret.
    public static func random() -> TOTP {
        var source = SystemRandomNumberGenerator()
        return TOTP(secret: String((0..<32).map { _ in alphabet[Int.random(in: 0..<32, using: &source)] }))
    }

    /// The step of thirty seconds a moment lies in.
    public static func step(_ date: Date) -> Int64 { Int64(date.timeIntervalSince1970) / 30 }

    /// The step for which a code is right: the one of the moment, the one before or the one after; nil when none.
    public func step(of code: String, at date: Date) -> Int64? {
        let now = Self.step(date)
        return [now, now - 1, now + 1].first { self.code(step: $0) == code }
    }

    /// The code of a step; nil when the secret is not base32.
    public func code(step: Int64) -> String? {
        guard let key = Self.bytes(secret) else { return nil }
        let counter = withUnsafeBytes(of: UInt64(step).bigEndian) { Data($0) }
        let digest = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: key)))
        let offset = Int(digest[digest.count - 1] & 0x0F)
        var number: UInt32 = 0
        for byte in digest[offset..<offset + 4] { number = number << 8 | UInt32(byte) }
        let text = String((number & 0x7FFF_FFFF) % 1_000_000)
        return String(repeating: "0", count: 6 - text.count) + text
    }

    /// The address that authenticator apps read from a QR code.
    public func uri(account: String, issuer: String) -> String {
        var plain = CharacterSet.alphanumerics
        plain.insert(charactersIn: "-._~")
        func encoded(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: plain) ?? text }
        return "otpauth://totp/\(encoded(issuer)):\(encoded(account))?secret=\(secret)&issuer=\(encoded(issuer))"
    }

    private static func bytes(_ text: String) -> Data? {
        var data = Data()
        var rest: UInt32 = 0
        var bits = 0
        for character in text.uppercased() where character != "=" {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            rest = (rest << 5 | UInt32(value)) & 0xFFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                data.append(UInt8(truncatingIfNeeded: rest >> UInt32(bits)))
            }
        }
        return data
    }
}
