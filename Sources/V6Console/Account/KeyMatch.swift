// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A private key of a person beside the public key that their organization has at the server.
struct KeyMatch: Hashable, Sendable {
    let bits: Int
    /// Whether the two belong together; nil where the server's is not known.
    let isMatch: Bool?
    private let isMissing: Bool
    private let fingerprint: String

    /// - Parameters:
    ///   - key: The public half of the private key.
    ///   - wire: The organization's key as the server hands it out; empty where it has none, nil where that is not known.
    init(_ key: PublicKey, organization wire: String?) {
        bits = key.bits
        isMissing = wire?.isEmpty == true
        isMatch = wire.map { $0 == key.wire }
        fingerprint = String(key.fingerprint.prefix(17))
    }

    /// Such as `4096 bit · matches organization key`.
    var text: String {
        let state =
            switch isMatch {
            case true?: "matches organization key"
            case false?: isMissing ? "your organization has no key yet" : "not your organization's key"
            case nil: "\(fingerprint) · compared after signing in"
            }
        return "\(bits) bit · \(state)"
    }

    /// The text with its sign.
    func line(_ glyphs: Glyphs) -> Span {
        isMatch == false
            ? Span("\(glyphs[.failed]) \(text)", .warning) : Span("\(glyphs[.completed]) \(text)", .good)
    }
}

extension Federation {
    /// The public key of the user's organization; empty where it has none, nil where it is not known.
    var ownKey: String? {
        surroundings.organizationID.flatMap { organizations[$0] }.map { $0.publicKey ?? "" }
    }
}
