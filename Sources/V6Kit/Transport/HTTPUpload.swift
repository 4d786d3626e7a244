// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A request body that is made while it is sent, for what is too large to be held in memory.
public struct HTTPUpload: Sendable {
    /// Hands out the next piece of the body, of any size; empty at its end.
    public typealias Source = () throws -> Data

    /// The length of the body in bytes.
    public let count: Int
    /// Begins the body from its start; called anew when the body has to be sent again.
    public let open: @Sendable () throws -> Source

    /// A body of a known length.
    public init(count: Int, open: @escaping @Sendable () throws -> Source) {
        self.count = count
        self.open = open
    }

    /// The whole body in memory.
    /// - Throws: what the source throws.
    public func collected() throws -> Data {
        let next = try open()
        var body = Data()
        while case let piece = try next(), !piece.isEmpty { body.append(piece) }
        return body
    }
}
