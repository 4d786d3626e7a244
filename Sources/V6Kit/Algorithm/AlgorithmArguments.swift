// SPDX-License-Identifier: Apache-2.0

/// The arguments of a method, by name, with clear refusals of what does not fit.
///
/// A Python caller may give the first ones by position, so the names of the parameters are needed in order. `null` means
/// "not given".
public struct AlgorithmArguments: Sendable {
    private let method: String
    private let values: JSONObject

    /// Matches the input of a run with the parameters of its method.
    /// - Throws: ``AlgorithmError`` for more arguments than parameters, unknown names, and a parameter given twice.
    public init(_ input: TaskInput, parameters: [String]) throws {
        method = input.method
        guard input.arguments.count <= parameters.count else {
            throw AlgorithmError(
                "\(method) takes at most \(parameters.count) arguments, \(input.arguments.count) were given")
        }
        var values = JSONObject()
        for (name, value) in zip(parameters, input.arguments) { values[name] = value }
        for (name, value) in input.keywords {
            guard parameters.contains(name) else {
                throw AlgorithmError(
                    "\(method) has no argument \"\(name)\"; it takes: \(parameters.joined(separator: ", "))")
            }
            guard values[name] == nil else { throw AlgorithmError("\(method): argument \"\(name)\" is given twice") }
            values[name] = value
        }
        self.values = values
    }

    /// A text.
    public func string(_ name: String) throws -> String? { try read(name, "a text", \.stringValue) }

    /// A whole number.
    public func integer(_ name: String) throws -> Int? { try read(name, "a whole number", \.intValue) }

    /// A number.
    public func number(_ name: String) throws -> Double? { try read(name, "a number", \.doubleValue) }

    /// A list of texts.
    public func strings(_ name: String) throws -> [String]? {
        try read(name, "a list of texts") { $0.list(\.stringValue) }
    }

    /// A list of whole numbers.
    public func integers(_ name: String) throws -> [Int]? {
        try read(name, "a list of whole numbers") { $0.list(\.intValue) }
    }

    /// A list of numbers.
    public func numbers(_ name: String) throws -> [Double]? {
        try read(name, "a list of numbers") { $0.list(\.doubleValue) }
    }

    /// Insists on an argument.
    public func required<Value>(_ name: String, _ value: Value?) throws -> Value {
        guard let value else { throw AlgorithmError("\(method) needs the argument \"\(name)\"") }
        return value
    }

    private func read<Value>(_ name: String, _ expected: String, _ reading: (JSONValue) -> Value?) throws -> Value? {
        guard let value = values[name], !value.isNull else { return nil }
        guard let result = reading(value) else {
            throw AlgorithmError("\(method): argument \"\(name)\" must be \(expected)")
        }
        return result
    }
}

extension JSONValue {
    /// The items of a list, if each of them can be read.
    fileprivate func list<Item>(_ reading: (JSONValue) -> Item?) -> [Item]? {
        guard let items = arrayValue else { return nil }
        let result = items.compactMap(reading)
        return result.count == items.count ? result : nil
    }
}
