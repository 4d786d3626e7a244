// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A result as clients see it: another view on a run.
struct ResultObject: JSONWritable {
    let run: RunRecord
    let links: Links

    func write(to json: inout JSONText) {
        json.openObject()
        json.name("run")
        links.write(.run, run.id, to: &json)
        json.name("task")
        links.write(.task, run.taskID, to: &json)
        run.writeResultColumns(to: &json)
        json.closeObject()
    }
}
