// SPDX-License-Identifier: Apache-2.0

internal import Yams

extension Yams.Node {
    /// The root of a YAML text; nil when the text is empty.
    /// - Throws: ``ConfigurationError`` with the line of what is no YAML.
    static func root(of text: String, name: String) throws(ConfigurationError) -> Yams.Node? {
        do { return try Yams.compose(yaml: text) } catch let error as YamlError {
            throw ConfigurationError(file: name, line: error.line, message: "is no YAML: \(error.problem)")
        } catch {
            throw ConfigurationError(file: name, line: nil, message: "is no YAML")
        }
    }
}

extension Yams.Node {
    /// The roots of all documents of a YAML text; empty ones are left out.
    /// - Throws: ``ConfigurationError`` with the line of what is no YAML.
    static func roots(of text: String, name: String) throws(ConfigurationError) -> [Yams.Node] {
        do {
            var documents = try Yams.compose_all(yaml: text)
            var roots: [Yams.Node] = []
            // An iterator of its own would keep the error to itself.
            while let root = documents.next() { roots.append(root) }
            if let error = documents.error { throw error }
            return roots
        } catch let error as YamlError {
            throw ConfigurationError(file: name, line: error.line, message: "is no YAML: \(error.problem)")
        } catch {
            throw ConfigurationError(file: name, line: nil, message: "is no YAML")
        }
    }
}

extension YamlError {
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    fileprivate var problem: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping(let keys, _): "a key stands there twice: \(keys.sorted().joined(separator: ", "))"
        default: "the text cannot be parsed"
        }
    }
}
