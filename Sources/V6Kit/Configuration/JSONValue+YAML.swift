// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Yams

extension JSONValue {
    /// Reads a YAML text, of which JSON is a part; keys keep their order.
    /// - Throws: ``ConfigurationError`` with the line of what is wrong.
    public init(parsingYAML text: String, name: String) throws(ConfigurationError) {
        guard let root = try Yams.Node.root(of: text, name: name) else {
            self = .null
            return
        }
        self = try Self.value(of: root) { line, message throws(ConfigurationError) in
            throw ConfigurationError(file: name, line: line, message: message)
        }
    }

    /// Reads a YAML text of any number of documents, `---` between them; empty ones are left out.
    /// - Throws: ``ConfigurationError`` with the line of what is wrong.
    public static func documents(parsingYAML text: String, name: String) throws(ConfigurationError) -> [JSONValue] {
        var documents: [JSONValue] = []
        for root in try Yams.Node.roots(of: text, name: name) {
            let document = try value(of: root) { line, message throws(ConfigurationError) in
                throw ConfigurationError(file: name, line: line, message: message)
            }
            if document != .null { documents.append(document) }
        }
        return documents
    }

    private static func value(
        of node: Yams.Node, fault: (Int?, String) throws(ConfigurationError) -> Never
    ) throws(ConfigurationError) -> JSONValue {
        switch node {
        case .scalar(let scalar):
            return value(of: scalar)
        case .sequence(let sequence):
            var items: [JSONValue] = []
            for item in sequence { items.append(try value(of: item, fault: fault)) }
            return .array(items)
        case .mapping(let mapping):
            var members = JSONObject()
            for (key, item) in mapping {
                guard let name = key.scalar?.string else { try fault(key.mark?.line, "a key must be a text") }
                guard members[name] == nil else { try fault(key.mark?.line, "the key \"\(name)\" stands there twice") }
                members[name] = try value(of: item, fault: fault)
            }
            return .object(members)
        case .alias(let alias):
            try fault(alias.mark?.line, "an alias that leads nowhere")
        }
    }

    /// Plain scalars by the rules of YAML 1.2's core schema, quoted ones as text: `no` and `on` stay words.
    private static func value(of scalar: Yams.Node.Scalar) -> JSONValue {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".nan", ".NaN", ".NAN": return .number(.nan)
        case ".inf", ".Inf", ".INF", "+.inf": return .number(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
        default: break
        }
        let isNumeric = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
        guard isNumeric, text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return .string(text) }
        if let integer = Int64(text) { return .integer(integer) }
        return Double(text).map { .number($0) } ?? .string(text)
    }
}
