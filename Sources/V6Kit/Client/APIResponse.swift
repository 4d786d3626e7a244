// SPDX-License-Identifier: Apache-2.0

/// A successful answer of the REST API.
public struct APIResponse: Sendable {
    /// The status, 200 to 210.
    public let status: Int
    /// The header fields.
    public let headers: HTTPHeaders
    /// The body; null when it was empty.
    public let json: JSONValue
}
