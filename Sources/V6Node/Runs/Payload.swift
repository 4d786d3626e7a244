// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// How inputs and results travel in this collaboration.
struct Payload: Sendable {
    /// The organization's private key; nil in an open collaboration.
    let key: PrivateKey?

    var isEncrypted: Bool { key != nil }

    /// The bytes behind a text of the wire.
    func open(_ text: String) throws -> Data {
        guard !text.isEmpty else { return Data() }
        return if let key { try Envelope.open(text, with: key) } else { try PlainText.decode(text) }
    }

    /// What encrypts a result; nil in an open collaboration, where `receiver` is not asked for.
    func sealer(for receiver: @Sendable () async throws -> PublicKey) async throws -> EnvelopeSealer? {
        isEncrypted ? try EnvelopeSealer(for: try await receiver()) : nil
    }
}
