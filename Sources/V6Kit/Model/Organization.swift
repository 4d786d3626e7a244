// SPDX-License-Identifier: Apache-2.0

/// A party that takes part in collaborations, with at most one encryption key.
public struct Organization: Sendable, Hashable, Codable {
    public let id: Int
    public let name: String
    public let domain: String?
    public let address1: String?
    public let address2: String?
    public let zipcode: String?
    public let country: String?
    /// The public key as it travels: base64 of the PEM text; empty when the organization has none.
    public let publicKey: String?

    private enum CodingKeys: String, CodingKey {
        case id, name, domain, address1, address2, zipcode, country
        case publicKey = "public_key"
    }
}
