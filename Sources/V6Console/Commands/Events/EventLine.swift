// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// One event as a line for a person or an object for a program.
struct EventLine: FilterableRecord {
    let event: SocketIOEvent
    let moment: Timestamp

    init(event: SocketIOEvent, time: Timestamp) {
        self.event = event
        moment = time
    }

    /// The payload's members beside time and name; a payload that is no object stands under `data`.
    var json: JSONValue {
        var object: JSONObject = ["time": .string(moment.text), "event": .string(event.name)]
        if let payload = event.arguments.first?.objectValue {
            for (key, value) in payload { object[key] = value }
        } else if let first = event.arguments.first {
            object["data"] = first
        }
        return .object(object)
    }

    /// `18:56:37 algorithm_status_change status=active run_id=12`.
    var text: String {
        let clock = moment.text.split(separator: "T").last.map { $0.prefix(8) } ?? ""
        let members = (json.objectValue ?? [:]).filter { $0.key != "time" && $0.key != "event" }
        let details = members.map { "\($0.key)=\(SafeText.line($0.value.cellText))" }.joined(separator: " ")
        return "\(clock) \(event.name) \(details)\n"
    }

    func values(of field: String) -> [JSONValue] { json.value(at: field).map { [$0] } ?? [] }
    var visibleTexts: [String] { [text] }
    var time: Timestamp? { moment }
}
