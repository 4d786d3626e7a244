// SPDX-License-Identifier: Apache-2.0

/// A method that tasks can call.
public struct AlgorithmMethod: Sendable {
    /// The name in the task's input.
    public let name: String
    /// The names of its parameters, in the order in which a caller may give them by position.
    public let parameters: [String]
    let body: @Sendable (AlgorithmRun) async throws -> JSONValue

    /// A method with its parameters and what it does; the value it returns becomes the result of the run.
    public init(
        _ name: String, parameters: [String], body: @escaping @Sendable (AlgorithmRun) async throws -> JSONValue
    ) {
        self.name = name
        self.parameters = parameters
        self.body = body
    }
}
