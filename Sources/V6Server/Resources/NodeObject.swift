// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A node as clients see it, with the configuration it published.
struct NodeObject: JSONWritable {
    let node: NodeRecord
    let links: Links
    let configuration: [JSONText]
    /// The key, which is told once, when it was made.
    var apiKey: String?

    func write(to json: inout JSONText) {
        json.openObject()
        json.name("organization")
        links.write(.organization, node.organizationID, to: &json)
        json.name("collaboration")
        links.write(.collaboration, node.collaborationID, to: &json)
        json.name("config")
        json.write(configuration)
        json.member("id", node.id)
        json.member("type", "node")
        json.member("ip", node.ip)
        json.member("last_seen", time: node.lastSeen)
        json.member("status", node.status)
        json.member("name", node.name)
        if let apiKey { json.member("api_key", apiKey) }
        json.closeObject()
    }
}
