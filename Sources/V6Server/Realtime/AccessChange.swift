// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The note to all server processes that somebody may have lost or won a right.
///
/// It is an event like any other, so it is stored with the change and reaches every process; no client hears it.
enum AccessChange {
    static let emission = Emission(room: .servers, event: SocketIOEvent(name: "access_changed"))

    /// The resources whose changes decide who hears what.
    private static let resources: Set<Substring> = [
        "user", "role", "rule", "organization", "collaboration", "node", "password", "recover",
    ]

    /// Whether a successful call may change who hears what.
    static func follows(_ route: Route) -> Bool {
        guard route.method != "GET", let resource = route.path.split(separator: "/").first else { return false }
        return resources.contains(resource)
    }
}
