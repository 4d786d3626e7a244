// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// The input of a run: which function of the algorithm to call, and with what.
public struct TaskInput: Sendable, Hashable {
    /// The name of the function.
    public var method: String
    /// The positional arguments.
    public var arguments: [JSONValue]
    /// The named arguments.
    public var keywords: JSONObject

    /// An input from its parts.
    public init(method: String, arguments: [JSONValue] = [], keywords: JSONObject = [:]) {
        self.method = method
        self.arguments = arguments
        self.keywords = keywords
    }

    /// Reads an input file.
    /// - Throws: ``InvalidTaskInput`` with what was wrong.
    public init(data: Data) throws(InvalidTaskInput) {
        let json: JSONValue
        do { json = try JSONValue(parsing: data) } catch {
            throw InvalidTaskInput(description: "the input is \(error)")
        }
        guard let method = json["method"]?.stringValue else {
            throw InvalidTaskInput(description: "the input names no \"method\"")
        }
        self.init(
            method: method, arguments: json["args"]?.arrayValue ?? [], keywords: json["kwargs"]?.objectValue ?? [:])
    }

    /// The input as UTF-8 JSON, as the reference's clients write it.
    public var data: Data {
        var members: JSONObject = ["method": .string(method)]
        members["args"] = .array(arguments)
        members["kwargs"] = .object(keywords)
        return JSONValue.object(members).data(.python)
    }
}

/// An input that no algorithm can read.
public struct InvalidTaskInput: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was wrong, for a person.
    public let description: String
}
