// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The encoding of the environment variables that a node gives to an algorithm: base32 with `!` for `=`.
///
/// See `algorithm`, §2. Names of variables are not encoded.
public enum EnvironmentEncoding {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// The encoded form of a value.
    public static func encode(_ value: String) -> String {
        var output: [UInt8] = []
        var buffer: UInt64 = 0
        var bits = 0
        for byte in value.utf8 {
            buffer = (buffer << 8) | UInt64(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                output.append(alphabet[Int((buffer >> UInt64(bits)) & 31)])
            }
        }
        if bits > 0 { output.append(alphabet[Int((buffer << UInt64(5 - bits)) & 31)]) }
        while output.count % 8 != 0 { output.append(UInt8(ascii: "!")) }
        return String(decoding: output, as: UTF8.self)
    }

    /// The value behind an encoded form; a text that is not encoded comes back as it is.
    public static func decode(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "!") || $0 == UInt8(ascii: "=") }.count
        guard bytes.count % 8 == 0, [0, 1, 3, 4, 6].contains(padding) else { return text }
        var output: [UInt8] = []
        var buffer: UInt64 = 0
        var bits = 0
        for byte in bytes.dropLast(padding) {
            guard let digit = alphabet.firstIndex(of: byte) else { return text }
            buffer = (buffer << 5) | UInt64(digit)
            bits += 5
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: buffer >> UInt64(bits)))
            }
        }
        return String(validating: output, as: UTF8.self) ?? text
    }
}
