// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A container of the node.
struct SiteContainer: Hashable, Sendable {
    var name: String
    var state: String
    var kind: String
    var run: Int?
    var image: String

    init(_ json: JSONValue) {
        name = json["name"]?.stringValue ?? ""
        state = json["state"]?.stringValue ?? ""
        kind = json["kind"]?.stringValue ?? ""
        run = json["run"]?.intValue
        image = json["image"]?.stringValue ?? ""
    }
}

/// The disk the node writes to, in bytes.
struct SiteDisk: Hashable, Sendable {
    var folder: String
    var total: Int
    var free: Int
    /// By what: runs, jobs, databases.
    var used: [String: Int]

    init(_ json: JSONValue) {
        folder = json["folder"]?.stringValue ?? ""
        total = json["total"]?.intValue ?? 0
        free = json["free"]?.intValue ?? 0
        used = [:]
        for (key, value) in json["used"]?.objectValue ?? JSONObject() { used[key] = value.intValue ?? 0 }
    }
}

/// A database the node offers.
struct SiteDatabase: Hashable, Sendable {
    var label: String
    var type: String
    var place: String
    var mode: String

    init(_ json: JSONValue) {
        label = json["label"]?.stringValue ?? ""
        type = json["type"]?.stringValue ?? ""
        place = json["path"]?.stringValue ?? "a connection"
        mode = json["mount_mode"]?.stringValue ?? ""
    }
}

/// Something that can be removed.
struct SiteLeftover: Hashable, Sendable {
    var kind: String
    var name: String
    var bytes: Int
    var reason: String

    init(_ json: JSONValue) {
        kind = json["kind"]?.stringValue ?? ""
        name = json["name"]?.stringValue ?? ""
        bytes = json["bytes"]?.intValue ?? 0
        reason = json["reason"]?.stringValue ?? ""
    }
}
