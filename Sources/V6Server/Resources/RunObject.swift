// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A run as clients see it, with everything looked up that stands in it.
struct RunObject: JSONWritable {
    let run: RunRecord
    let links: Links
    /// The node that executes it; nil when there is none.
    let node: JSONText?
    let ports: [JSONText]
    /// The task, where it is to stand inside; else there is a link.
    let task: JSONText?

    func write(to json: inout JSONText) {
        json.openObject()
        json.name("organization")
        links.write(.organization, run.organizationID, to: &json)
        json.name("task")
        if let task { json.write(task) } else { links.write(.task, run.taskID, to: &json) }
        json.name("results")
        links.write(.result, run.id, to: &json)
        json.name("node")
        if let node {
            json.write(node)
        } else {
            json.openObject()
            json.closeObject()
        }
        json.name("ports")
        json.write(ports)
        run.writeColumns(to: &json)
        json.closeObject()
    }
}
