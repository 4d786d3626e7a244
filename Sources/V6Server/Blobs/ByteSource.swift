// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Bytes that are fetched piece by piece.
struct ByteSource: Sendable {
    /// How many there are; nil when nobody knows before the end.
    let count: Int?
    /// Gives the next piece; nil or an empty one at the end.
    let next: @Sendable () async throws -> Data?
}
