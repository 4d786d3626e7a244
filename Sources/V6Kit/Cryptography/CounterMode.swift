// SPDX-License-Identifier: Apache-2.0

internal import Crypto
internal import CryptoExtras
internal import Foundation

/// AES-256 in counter mode with a 16-byte initial counter block, over pieces of any size.
struct CounterMode {
    private static let blockSize = 16

    private let key: SymmetricKey
    private let initial: [UInt8]
    private var offset = 0

    /// A key stream from its start; the key has 32 bytes, the counter block 16.
    init?(key: Data, initial: Data) {
        guard key.count == 32, initial.count == Self.blockSize else { return nil }
        self.key = SymmetricKey(data: key)
        self.initial = [UInt8](initial)
    }

    /// Encrypts or decrypts the next piece; the two are the same in this mode.
    mutating func apply(to piece: Data) throws -> Data {
        guard !piece.isEmpty else { return Data() }
        let lead = offset % Self.blockSize
        let nonce = try AES._CTR.Nonce(nonceBytes: counter(advancedBy: offset / Self.blockSize))
        let output = try AES._CTR.encrypt(Data(count: lead) + piece, using: key, nonce: nonce)
        offset += piece.count
        return output.dropFirst(lead)
    }

    /// The 128-bit big-endian counter that many blocks on.
    private func counter(advancedBy blocks: Int) -> [UInt8] {
        var bytes = initial
        var carry = UInt64(blocks)
        for index in bytes.indices.reversed() where carry > 0 {
            let sum = UInt64(bytes[index]) + (carry & 0xFF)
            bytes[index] = UInt8(truncatingIfNeeded: sum)
            carry = (carry >> 8) + (sum >> 8)
        }
        return bytes
    }
}
