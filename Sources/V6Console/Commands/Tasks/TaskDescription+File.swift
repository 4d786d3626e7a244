// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension TaskDescription {
    private static let keys = [
        "name", "description", "image", "method", "collaboration", "study", "store",
        "organizations", "arguments", "positional",
        "databases",
    ]

    /// Reads a task file.
    ///
    /// Every fault is told at once; an unknown key is a fault, because a typo there would run another task than meant.
    ///
    /// - Parameters:
    ///   - document: The file's content.
    ///   - file: Its name, for the message.
    /// - Throws: `ConsoleFailure` (rejected) with all faults.
    init(document: JSONValue, file: String) throws {
        guard let object = document.objectValue else {
            throw ConsoleFailure(.rejected, "\(file) is no task: expected keys such as image, method, organizations.")
        }
        var faults: [String] = []
        func text(_ key: String) -> String? {
            switch object[key] {
            case nil, .null?: return nil
            case .string(let text)?: return text
            case .integer(let number)?: return "\(number)"
            case let other?:
                faults.append("\(key): expected a text, found \(other.text())")
                return nil
            }
        }
        for key in object.keys where !Self.keys.contains(key) {
            faults.append("\(key): unknown; there is \(Self.keys.joined(separator: ", "))")
        }
        name = text("name")
        description = text("description")
        image = text("image")
        method = text("method")
        collaboration = text("collaboration")
        study = text("study")
        store = text("store")
        switch object["organizations"] {
        case nil, .null?: break
        case .string("all")?: allOrganizations = true
        case .array(let items)?: organizations = items.map(\.cellText)
        case let other?: faults.append("organizations: expected a list or all, found \(other.text())")
        }
        switch object["arguments"] {
        case nil, .null?: break
        case .object(let arguments)?: self.arguments = arguments
        case let other?: faults.append("arguments: expected keys with values, found \(other.text())")
        }
        switch object["positional"] {
        case nil, .null?: break
        case .array(let items)?: positional = items
        case let other?: faults.append("positional: expected a list, found \(other.text())")
        }
        for (index, item) in (object["databases"]?.arrayValue ?? []).enumerated() {
            if let label = item.stringValue {
                databases.append(TaskRequest.Database(label: label))
            } else if var parameters = item.objectValue, let label = parameters["label"]?.stringValue {
                parameters["label"] = nil
                databases.append(TaskRequest.Database(label: label, parameters: parameters))
            } else {
                faults.append("databases.\(index): expected a label, or keys with one called label")
            }
        }
        guard faults.isEmpty else {
            throw ConsoleFailure(.rejected, "\(file) cannot be used:\n  " + faults.joined(separator: "\n  "))
        }
    }
}
