// SPDX-License-Identifier: Apache-2.0

/// Why a key or a message cannot be used.
public struct CryptographyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Sendable, Hashable {
        /// The text is no key of the expected kind.
        case invalidKey
        /// The text is a key of another kind than RSA, or the public half of one.
        case foreignKey
        /// The key is encrypted with a passphrase.
        case lockedKey
        /// The message cannot be opened with this key.
        ///
        /// All causes look alike on purpose: telling a padding fault from another would help an attacker.
        case cannotOpen
        /// Encryption failed.
        case cannotSeal
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, for a person; never part of a key or of a message.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
