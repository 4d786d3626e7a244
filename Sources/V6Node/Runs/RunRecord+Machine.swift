// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension RunRecord {
    /// The record of a run that has just become known.
    init(_ run: AssignedRun) {
        self.init(
            id: run.id, taskID: run.taskID, jobID: run.jobID, parentID: run.parentID, image: run.image,
            initOrganizationID: run.initOrganizationID, initUserID: run.initUserID, storeID: run.storeID,
            databases: Self.text(run.databases), assignedAt: run.assignedAt, phase: .queued,
            usesBlobs: run.usesBlobs, hasSubtasks: false, changedAt: 0)
    }

    /// The run as it was assigned, without its input, which only the server and the run's folder have.
    var assignment: AssignedRun {
        AssignedRun(
            id: id, taskID: taskID, jobID: jobID, parentID: parentID, image: image,
            initOrganizationID: initOrganizationID, initUserID: initUserID, storeID: storeID,
            databases: Self.databases(databases), assignedAt: assignedAt,
            usesBlobs: usesBlobs)
    }

    /// The life of the run as far as it has come.
    var machine: RunMachine {
        RunMachine(
            phase: phase, image: resolvedImage, containerID: containerID, outcome: outcome.flatMap(RunStatus.init),
            note: note)
    }

    /// Takes over where the run has come to.
    mutating func adopt(_ machine: RunMachine) {
        phase = machine.phase
        resolvedImage = machine.image
        containerID = machine.containerID
        outcome = machine.outcome?.rawValue
        note = machine.note
    }

    private static func text(_ databases: [AssignedRun.RequestedDatabase]) -> String {
        JSONValue.array(
            databases.map { database in
                var item: JSONObject = ["label": .string(database.label)]
                item["query"] = database.query.map { .string($0) }
                item["sheet_name"] = database.sheetName.map { .string($0) }
                item["preprocessing"] = database.preprocessing.map { .string($0) }
                return .object(item)
            }
        ).text()
    }

    private static func databases(_ text: String) -> [AssignedRun.RequestedDatabase] {
        let items = (try? JSONValue(parsing: text))?.arrayValue ?? []
        return items.compactMap { item in
            guard let label = item["label"]?.stringValue else { return nil }
            return AssignedRun.RequestedDatabase(
                label: label, query: item["query"]?.stringValue, sheetName: item["sheet_name"]?.stringValue,
                preprocessing: item["preprocessing"]?.stringValue)
        }
    }
}
