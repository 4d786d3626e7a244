// SPDX-License-Identifier: Apache-2.0

import CCrypt
import V6Kit

/// bcrypt in modular form, as 4.15 stores passwords and API keys.
///
/// Slow by design: only ``HashingPool`` calls it.
enum Bcrypt {
    /// The number of rounds of new hashes, as a power of two.
    static let cost: UInt = 12

    /// A hash of a secret with a fresh salt.
    ///
    /// - Throws: ``StoreError`` when libcrypt refuses.
    static func hash(_ secret: String, cost: UInt = cost) throws -> String {
        var output = [CChar](repeating: 0, count: Int(V6_BCRYPT_SIZE))
        guard v6_bcrypt_hash(significant(secret), cost, &output) else {
            throw StoreError(description: "libcrypt cannot make bcrypt hashes on this machine")
        }
        return String(decoding: output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether a secret belongs to a hash.
    static func verify(_ secret: String, _ hash: String) -> Bool {
        !secret.utf8.contains(0) && v6_bcrypt_verify(significant(secret), hash)
    }

    /// The first 72 bytes: all that bcrypt looks at; libcrypt would refuse more.
    private static func significant(_ secret: String) -> [CChar] {
        secret.utf8.prefix(72).map { CChar(bitPattern: $0) } + [0]
    }
}
