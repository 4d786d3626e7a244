// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Tokens whose signature was found right not long ago, with what they say.
///
/// A text that was signed stays signed, and the moments it holds are looked at each time; whether its account may still
/// do anything is asked of the database as ever. So nothing here can be out of date.
final class KnownTokens: Sendable {
    /// What a token says.
    struct Content: Sendable {
        /// Its claims; nil when it names no subject.
        let claims: AccessClaims?
        /// When it is valid.
        let times: TokenTimes
    }

    /// How many are kept, of some kilobytes each; beyond that all are forgotten, and found right anew.
    private static let most = 1024

    /// By their bytes: as texts, different ones can count as equal.
    private let contents = Mutex<[[UInt8]: Content]>([:])

    /// What a token says; one that is not known is read by `verify`, which throws where its signature is wrong.
    func content(of token: Substring, verify: (Substring) throws -> Content) rethrows -> Content {
        let bytes = Array(token.utf8)
        if let known = contents.withLock({ $0[bytes] }) { return known }
        let content = try verify(token)
        contents.withLock { contents in
            if contents.count >= Self.most { contents = [:] }
            contents[bytes] = content
        }
        return content
    }
}
