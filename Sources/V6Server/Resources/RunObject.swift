// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A run as clients see it, with everything looked up that stands in it.
struct RunObject: JSONWritable {
    /// The node that executes a run, as a row of its columns.
    struct Node: JSONWritable {
        let row: SQLRow

        func write(to json: inout JSONText) {
            json.openObject()
            json.member("id", row.integer(0))
            json.member("ip", text: row, 4)
            json.member("status", text: row, 5)
            json.member("name", text: row, 1)
            json.closeObject()
        }
    }

    /// A port at which an algorithm can be reached, as a row of its columns.
    struct Port: JSONWritable {
        let row: SQLRow

        func write(to json: inout JSONText) {
            json.openObject()
            json.member("id", row.integer(1))
            json.member("port", row.integer(2))
            json.member("label", text: row, 3)
            json.closeObject()
        }
    }

    let run: RunRecord
    let links: Links
    /// The node that executes it; nil when there is none.
    let node: Node?
    let ports: [Port]
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
            node.write(to: &json)
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
