// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// How the node is.
struct SiteStatus: Hashable, Sendable {
    var name: String
    var organization: String
    var collaboration: String
    var server: String
    var engine: String
    var key: String
    var isEncrypted: Bool
    var isOnline: Bool
    var running: Int
    var waiting: Int
    var places: Int
    var startedAt: Timestamp?

    init(_ json: JSONValue) {
        name = json.value(at: "node.name")?.stringValue ?? ""
        organization = json["organization"]?.stringValue ?? ""
        collaboration = json["collaboration"]?.stringValue ?? ""
        server = json["server"]?.stringValue ?? ""
        engine = json["engine"]?.stringValue ?? "does not answer"
        key = json["key"]?.stringValue ?? "none"
        isEncrypted = json["encrypted"]?.boolValue ?? false
        isOnline = json["online"]?.boolValue ?? false
        waiting = json["queue"]?.intValue ?? 0
        running = (json["runs"]?.intValue ?? 0) - waiting
        places = json["places"]?.intValue ?? 0
        startedAt = json["started_at"]?.stringValue.flatMap(Timestamp.init)
    }
}
