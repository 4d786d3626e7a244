// SPDX-License-Identifier: Apache-2.0

import V6Kit

@testable import V6Server

extension Shape {
    /// Where and how a value departs from the form; nil when it does not.
    func problem(_ value: JSONValue, at path: String = "") -> String? {
        switch self {
        case .any: return nil
        case .text: return value.stringValue == nil ? "\(path): no text" : nil
        case .integer:
            if case .integer = value { return nil }
            return "\(path): no integer"
        case .number: return value.doubleValue == nil ? "\(path): no number" : nil
        case .boolean: return value.boolValue == nil ? "\(path): no boolean" : nil
        case .moment: return value.stringValue.flatMap { Timestamp($0) } == nil ? "\(path): no time" : nil
        case .choice(let texts):
            return value.stringValue.map(texts.contains) == true ? nil : "\(path): none of \(texts)"
        case .mapping: return value.objectValue == nil ? "\(path): no object" : nil
        case .nullable(let shape): return value.isNull ? nil : shape.problem(value, at: path)
        case .named(_, let shape): return shape.problem(value, at: path)
        case .either(let shapes):
            let problems = shapes.compactMap { $0.problem(value, at: path) }
            return problems.count < shapes.count ? nil : problems.joined(separator: " / ")
        case .list(let item):
            guard let items = value.arrayValue else { return "\(path): no list" }
            return items.enumerated().lazy.compactMap { item.problem($1, at: "\(path)/\($0)") }.first
        case .object(let members):
            guard let object = value.objectValue else { return "\(path): no object" }
            let names = Set(members.map(\.name))
            if let unknown = object.keys.first(where: { !names.contains($0) }) { return "\(path)/\(unknown): unknown" }
            return members.lazy.compactMap { member in
                if let value = object[member.name] { return member.shape.problem(value, at: "\(path)/\(member.name)") }
                return member.isOptional ? nil : "\(path)/\(member.name): missing"
            }.first
        }
    }
}

extension Route {
    /// How an answer departs from what is declared; nil when it does not.
    func problem(status: Int, body: JSONValue) -> String? {
        if let answer = answers.first(where: { $0.status == status }) {
            guard case .json(let shape) = answer.body else { return nil }
            return shape.problem(body)
        }
        guard (refusalStatuses + OpenAPIDocument.limits.map(\.status)).contains(status) else {
            return "status \(status) is not declared"
        }
        // Where a path leads nowhere, a page is shown.
        if status == 404, body.isNull { return nil }
        return (refusesLikeRoles && status == 400 ? Objects.roleRefusal : Objects.refusal).problem(body)
    }
}
