// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A whole HTTP response.
public struct HTTPResponse: Sendable {
    /// The status code.
    public let status: Int
    /// The header fields of the final answer, without those of interim ones.
    public let headers: HTTPHeaders
    /// The body, decompressed.
    public let body: Data

    /// A response from its parts.
    public init(status: Int, headers: HTTPHeaders, body: Data) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
