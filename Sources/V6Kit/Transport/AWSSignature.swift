// SPDX-License-Identifier: Apache-2.0

/// What a request to Amazon S3, or to a store that speaks its protocol, is signed with (Signature Version 4).
public struct AWSSignature: Sendable, Hashable {
    /// The name of the key.
    public var accessKey: String
    /// The secret of the key; never sent.
    public var secretKey: String
    /// The region the store believes to be in.
    public var region: String

    /// A signature from its parts.
    public init(accessKey: String, secretKey: String, region: String) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.region = region
    }
}
