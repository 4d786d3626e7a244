// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Decides which public keys this node encrypts for.
struct KeyGuard: Sendable {
    /// The node's own organization and its key, which needs nobody's word; nil in an open collaboration.
    let own: (organization: Int, key: PublicKey)?
    let pins: KeyPins

    /// Checks the key that the server hands out for an organization.
    /// - Throws: ``KeyPins/Refusal`` for a key that the operator has not accepted.
    func check(_ key: PublicKey, of organization: Int) throws {
        guard let own, own.organization == organization else { return try pins.check(key, of: organization) }
        guard key == own.key else {
            throw KeyPins.Refusal(
                pin: .init(
                    organization: organization, fingerprint: own.key.fingerprint, offered: key.fingerprint,
                    changedAt: 0))
        }
    }

    /// Whether a key is the accepted one of some organization.
    func accepts(_ key: PublicKey) throws -> Bool { try key == own?.key || pins.accepts(key) }
}
