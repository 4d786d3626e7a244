// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension Node {
    /// What is known of it, one line each.
    func facts(in world: World) -> [(String, Span)] {
        let federation = world.federation
        let shared = Dictionary(grouping: config ?? [], by: \.key).mapValues { $0.compactMap(\.value) }
        var lines: [(String, Span)] = [
            ("status", world.span(of: self)),
            ("organization", Span(federation.organizationName(organization?.id))),
            ("collaboration", Span(federation.collaborationName(collaboration?.id))),
            ("last seen", Span("\(world.clock(lastSeen))  (\(world.age(lastSeen)))")),
        ]
        let presence = federation.presences[id]
        if let change = presence?.changes.last {
            lines.append(
                (change.isOnline ? "online since" : "offline since", Span(Self.moment(change.at, in: world))))
        }
        if let heard = presence?.heardAt, isOnline { lines.append(("last event", Span(Self.moment(heard, in: world)))) }
        if let encryption = shared["encryption"]?.first {
            lines.append(("encryption", Span(["1", "true", "True"].contains(encryption) ? "on" : "off")))
        }
        if let labels = shared["database_labels"] {
            let typed = labels.map { label in shared["db_type_\(label)"]?.first.map { "\(label) (\($0))" } ?? label }
            lines.append(("databases", Span(typed.joined(separator: ", "))))
        }
        for label in shared["database_labels"] ?? [] {
            if let columns = shared["columns_\(label)"] {
                lines.append(("columns of \(label)", Span(columns.joined(separator: ", "))))
            }
        }
        if let images = shared["allowed_algorithms"] {
            lines.append(("images allowed", Span(images.joined(separator: "  "))))
        }
        if let users = shared["allowed_users"] { lines.append(("users allowed", Span(users.joined(separator: ", ")))) }
        if let organizations = shared["allowed_orgs"] {
            lines.append(("orgs allowed", Span(organizations.joined(separator: ", "))))
        }
        // What was before this program listened is in no answer of the server.
        if let opened = federation.openedAt.map(world.clock), isOnline || presence?.changes.isEmpty == false {
            let outages = presence?.outages(until: world.now) ?? []
            let text = outages.max().map { "\(outages.count) · longest \(Times.span($0)) · " } ?? "none "
            lines.append(("outages", Span("\(text)since \(opened)", outages.isEmpty ? .dim : .warning)))
        }
        if !isOnline { lines.append(("", Span("What it shares shows while it is online.", .dim))) }
        return lines
    }

    private static func moment(_ moment: Timestamp, in world: World) -> String {
        "\(world.clock(moment))  (\(world.age(moment)))"
    }
}
