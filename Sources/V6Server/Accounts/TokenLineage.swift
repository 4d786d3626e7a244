// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where a token of a user or node comes from: every refresh continues the family of its login by one generation.
struct TokenLineage: Sendable, Hashable {
    /// The name of the login.
    let family: String
    /// The number of refreshes since.
    let generation: Int64

    /// The lineage of a new login.
    static func login() -> TokenLineage { TokenLineage(family: UUID().uuidString.lowercased(), generation: 0) }

    /// The lineage after one more refresh.
    var next: TokenLineage { TokenLineage(family: family, generation: generation + 1) }
}
