// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// What a token says about its bearer, read without verification: only the server can verify it.
public struct TokenClaims: Sendable, Hashable {
    /// The identifier of the user or node; nil in a container's token.
    public let subject: Int?
    /// `user`, `node` or `container`.
    public let clientType: String
    /// When the token ends; nil for one that does not.
    public let expiry: Date?
    /// All claims.
    public let json: JSONValue

    /// Reads the claims of a JWT; nil when the text is none.
    public init?(decoding token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var body = parts[1].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        body += String(repeating: "=", count: (4 - body.count % 4) % 4)
        guard let data = Data(base64Encoded: body), let json = try? JSONValue(parsing: data),
            json.objectValue != nil
        else { return nil }
        self.json = json
        subject = json["sub"]?.intValue ?? json["sub"]?.stringValue.flatMap { Int($0) }
        clientType = json["client_type"]?.stringValue ?? ""
        expiry = json["exp"]?.doubleValue.map { Date(timeIntervalSince1970: $0) }
    }
}
