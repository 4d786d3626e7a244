// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// A run as the node's journal knows it.
struct SiteRun: Hashable, Sendable {
    var id: Int
    var task: Int?
    var image: String
    var phase: String
    /// The outcome; nil before there is one.
    var status: RunStatus?
    /// Place in the queue, from 1.
    var position: Int?
    var waitsForSubtasks: Bool
    var organization: Int?
    var user: Int?
    var databases: [String]
    var note: String
    var assignedAt: Timestamp?
    var startedAt: Timestamp?
    var finishedAt: Timestamp?

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.intValue else { return nil }
        self.id = id
        task = json["task"]?.intValue
        image = json["image"]?.stringValue ?? ""
        phase = json["phase"]?.stringValue ?? ""
        status = json["status"]?.stringValue.flatMap(RunStatus.init)
        position = json["position"]?.intValue
        waitsForSubtasks = json["waits_for_subtasks"]?.boolValue ?? false
        organization = json["organization"]?.intValue
        user = json["user"]?.intValue
        databases = json["databases"]?.arrayValue?.map(\.plain) ?? []
        note = json["note"]?.stringValue ?? ""
        assignedAt = json["assigned_at"]?.stringValue.flatMap(Timestamp.init)
        startedAt = json["started_at"]?.stringValue.flatMap(Timestamp.init)
        finishedAt = json["finished_at"]?.stringValue.flatMap(Timestamp.init)
    }

    var isOver: Bool { phase == "done" }

    /// Sign and word: the outcome, or how far it is.
    func span(_ glyphs: Glyphs) -> Span {
        if let status { return status.span(glyphs) }
        if let position {
            let sign = glyphs[.pending]
            return Span("\(sign) queued, place \(position)", .waiting, brief: "\(sign) queued \(position)")
        }
        if phase == "running" { return Span("\(glyphs[.active]) running", .running) }
        return Span("\(glyphs[.starting]) \(phase)", .running)
    }
}
