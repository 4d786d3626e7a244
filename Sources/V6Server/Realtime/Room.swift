// SPDX-License-Identifier: Apache-2.0

/// Who hears an event.
enum Room: Sendable, Hashable {
    /// Every node.
    case allNodes
    /// The nodes of a collaboration, and the users who may listen to it.
    case collaboration(Int64)
    /// The node of one organization in a collaboration, and the users who may listen to that organization only.
    case organization(Int64, collaboration: Int64)

    /// The name other programs see.
    var name: String {
        switch self {
        case .allNodes: "all_nodes"
        case .collaboration(let id): "collaboration_\(id)"
        case .organization(let id, let collaboration): "collaboration_\(collaboration)_organization_\(id)"
        }
    }
}
