// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Yams

/// Reads a YAML file and collects every fault with its line, instead of stopping at the first.
///
/// A reader stands for one mapping of the file; ``section(_:)`` and ``list(_:)`` give readers for mappings inside it that
/// report to the same collection. Values that are wrong are reported and read as nil. Call ``finish()`` at the end.
public final class ConfigurationReader {
    private final class Report {
        var faults: [ConfigurationError.Fault] = []
        var warnings: [ConfigurationError.Fault] = []
    }

    private let file: String
    private let prefix: String
    private let line: Int?
    private let mapping: Yams.Node.Mapping?
    private let report: Report

    private init(file: String, prefix: String, line: Int?, mapping: Yams.Node.Mapping?, report: Report) {
        self.file = file
        self.prefix = prefix
        self.line = line
        self.mapping = mapping
        self.report = report
    }

    /// Reads a file.
    /// - Throws: ``ConfigurationError`` when it cannot be read, is no YAML, or does not hold a mapping.
    public static func load(path: String) throws(ConfigurationError) -> ConfigurationReader {
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw ConfigurationError(
                file: path, line: nil, message: "cannot be read: \(error.localizedDescription)")
        }
        return try ConfigurationReader(text: text, name: path)
    }

    /// Reads a text.
    /// - Throws: ``ConfigurationError`` when it is no YAML or does not hold a mapping.
    public convenience init(text: String, name: String) throws(ConfigurationError) {
        let root = try Yams.Node.root(of: text, name: name)
        guard let root, let mapping = root.mapping else {
            throw ConfigurationError(
                file: name, line: root?.mark?.line,
                message: "expected keys and values, found \(root.map(Self.kind) ?? "nothing")")
        }
        self.init(file: name, prefix: "", line: nil, mapping: mapping, report: Report())
    }

    /// The names of the keys that are there.
    public var keys: [String] { mapping?.keys.compactMap { $0.scalar?.string } ?? [] }

    /// Whether a key is there, even with an empty value.
    public func has(_ key: String) -> Bool { keys.contains(key) }

    /// A text; numbers count as the text they are written as.
    public func string(_ key: String, required: Bool = false) -> String? {
        read(key, required: required, expected: "text") { $0.scalar?.string }
    }

    /// A whole number, also when it is written in quotes.
    public func integer(_ key: String, in range: ClosedRange<Int>? = nil, required: Bool = false) -> Int? {
        let expected = range.map { "a whole number from \($0.lowerBound) to \($0.upperBound)" } ?? "a whole number"
        return read(key, required: required, expected: expected) { node in
            guard let value = node.scalar.flatMap({ Int($0.string) }), range?.contains(value) ?? true else {
                return nil
            }
            return value
        }
    }

    /// A number.
    public func number(_ key: String, required: Bool = false) -> Double? {
        read(key, required: required, expected: "a number") { $0.scalar.flatMap { Double($0.string) } }
    }

    /// A truth value, in any of the spellings of YAML 1.1.
    public func bool(_ key: String, required: Bool = false) -> Bool? {
        read(key, required: required, expected: "true or false") { node in
            switch node.scalar?.string.lowercased() {
            case "true", "yes", "on": true
            case "false", "no", "off": false
            default: nil
            }
        }
    }

    /// One of several texts.
    public func choice(_ key: String, of values: [String], required: Bool = false) -> String? {
        read(key, required: required, expected: "one of \(values.joined(separator: ", "))") { node in
            node.scalar.flatMap { values.contains($0.string) ? $0.string : nil }
        }
    }

    /// A list of texts; a single text counts as a list of one.
    public func strings(_ key: String, required: Bool = false) -> [String]? {
        read(key, required: required, expected: "a text or a list of texts") { node in
            if let scalar = node.scalar { return [scalar.string] }
            let items = node.sequence?.map { $0.scalar?.string }
            guard let items, !items.contains(nil) else { return nil }
            return items.compactMap(\.self)
        }
    }

    /// Texts by name, in the order of the file.
    public func map(_ key: String) -> [(name: String, value: String)]? {
        read(key, required: false, expected: "names with texts") { node in
            guard let mapping = node.mapping else { return nil }
            let pairs = mapping.map { ($0.key.scalar?.string, $0.value.scalar?.string) }
            guard pairs.allSatisfy({ $0.0 != nil && $0.1 != nil }) else { return nil }
            return pairs.compactMap { pair in
                if let name = pair.0, let value = pair.1 { (name, value) } else { nil }
            }
        }
    }

    /// The mapping below a key.
    public func section(_ key: String, required: Bool = false) -> ConfigurationReader? {
        read(key, required: required, expected: "keys and values") { node in
            guard let mapping = node.mapping else { return nil }
            return ConfigurationReader(
                file: file, prefix: path(key) + ".", line: node.mark?.line, mapping: mapping, report: report)
        }
    }

    /// The mappings listed below a key; an item that is none is reported.
    public func list(_ key: String, required: Bool = false) -> [ConfigurationReader]? {
        read(key, required: required, expected: "a list") { node in
            guard let items = node.sequence else { return nil }
            return items.enumerated().compactMap { index, item in
                let name = "\(path(key))[\(index)]"
                guard let mapping = item.mapping else {
                    add(item.mark?.line, name, "expected keys and values, found \(Self.kind(item))")
                    return nil
                }
                return ConfigurationReader(
                    file: file, prefix: name + ".", line: item.mark?.line, mapping: mapping, report: report)
            }
        }
    }

    /// Reports a fault of a key that only its meaning shows.
    public func fault(_ key: String, _ message: String) {
        add(value(key)?.mark?.line ?? line, path(key), message)
    }

    /// Warns of a key that is there, and is not used as it stands.
    public func warn(_ key: String, _ message: String) {
        report.warnings.append(.init(file: file, line: value(key)?.mark?.line, key: path(key), message: message))
    }

    /// Warns of keys that nobody reads, naming the known key that was probably meant.
    public func warnUnknown(known: [String]) {
        for key in keys where !known.contains(key) {
            let close = known.filter { !has($0) }.min { Self.distance(key, $0) < Self.distance(key, $1) }
            let hint = close.flatMap { Self.distance(key, $0) <= 2 ? "; did you mean \($0)?" : nil } ?? ""
            report.warnings.append(
                .init(
                    file: file, line: value(key)?.mark?.line, key: path(key), message: "is not known and ignored\(hint)"
                ))
        }
    }

    /// The warnings so far.
    public var warnings: [ConfigurationError.Fault] { report.warnings }

    /// Ends the reading.
    /// - Throws: ``ConfigurationError`` with all faults, and the warnings among them, if there is any fault.
    public func finish() throws(ConfigurationError) {
        guard !report.faults.isEmpty else { return }
        let all = report.faults + report.warnings
        throw ConfigurationError(faults: all.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }

    private func path(_ key: String) -> String { prefix + key }

    private func value(_ key: String) -> Yams.Node? { mapping?[key] }

    private func add(_ line: Int?, _ key: String, _ message: String) {
        report.faults.append(.init(file: file, line: line, key: key, message: message))
    }

    private func read<Value>(
        _ key: String, required: Bool, expected: String, _ convert: (Yams.Node) -> Value?
    ) -> Value? {
        guard let node = value(key), !Self.isNull(node) else {
            if required {
                let close = keys.filter { Self.distance($0, key) <= 2 }.first
                add(
                    value(key)?.mark?.line ?? close.flatMap { value($0)?.mark?.line } ?? line, path(key),
                    "is missing; expected \(expected)" + (close.map { " (there is \"\($0)\": misspelt?)" } ?? ""))
            }
            return nil
        }
        guard let result = convert(node) else {
            add(node.mark?.line, path(key), "expected \(expected), found \(Self.kind(node))")
            return nil
        }
        return result
    }

    private static func isNull(_ node: Yams.Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "null", "~", "Null", "NULL"].contains(scalar.string)
    }

    private static func kind(_ node: Yams.Node) -> String {
        switch node {
        case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "\"\(scalar.string.prefix(40))\""
        case .mapping: "keys and values"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// The number of letters to insert, remove or replace to get from one word to another.
    private static func distance(_ first: String, _ second: String) -> Int {
        let (left, right) = (Array(first), Array(second))
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[right.count]
    }
}
