// SPDX-License-Identifier: Apache-2.0

/// Who this node is, as the server knows it.
struct NodeIdentity: Sendable, Hashable {
    let nodeID: Int
    let name: String
    let organizationID: Int
    let organizationName: String
    let collaborationID: Int
    let collaborationName: String
    /// Whether inputs and results are encrypted.
    let isEncrypted: Bool
}
