// SPDX-License-Identifier: Apache-2.0

/// Who hears an event.
enum Room: Sendable, Hashable {
    /// Every node.
    case allNodes
    /// The nodes of a collaboration, and the users who may listen to it.
    case collaboration(Int64)
    /// The node of one organization in a collaboration, and the users who may listen to that organization only.
    case organization(Int64, collaboration: Int64)
    /// No client: the servers themselves.
    case servers

    /// The room with a name; nil when there is none.
    init?(name: String) {
        let parts = name.split(separator: "_")
        switch (parts.count, parts.first) {
        case (2, "all"): self = .allNodes
        case (2, "v6"): self = .servers
        case (2, "collaboration"):
            guard let id = Int64(parts[1]) else { return nil }
            self = .collaboration(id)
        case (4, "collaboration"):
            guard let collaboration = Int64(parts[1]), let id = Int64(parts[3]) else { return nil }
            self = .organization(id, collaboration: collaboration)
        default: return nil
        }
    }

    /// The name other programs see.
    var name: String {
        switch self {
        case .allNodes: "all_nodes"
        case .servers: "v6_servers"
        case .collaboration(let id): "collaboration_\(id)"
        case .organization(let id, let collaboration): "collaboration_\(collaboration)_organization_\(id)"
        }
    }
}
