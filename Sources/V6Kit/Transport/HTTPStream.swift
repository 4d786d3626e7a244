// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// An HTTP response whose body arrives piece by piece.
public struct HTTPStream: Sendable {
    /// The status code.
    public let status: Int
    /// The header fields.
    public let headers: HTTPHeaders
    /// The pieces of the body as they arrive; for one reader.
    ///
    /// A slow reader stops the transfer, so memory stays bounded. Letting go of the stream, or cancelling the task that
    /// reads it, ends the transfer.
    public let body: AsyncThrowingStream<Data, any Error>

    /// A stream from its parts.
    public init(status: Int, headers: HTTPHeaders, body: AsyncThrowingStream<Data, any Error>) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
