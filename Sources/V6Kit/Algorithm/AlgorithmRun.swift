// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What one call of a method has at hand.
public struct AlgorithmRun: Sendable {
    /// The arguments of the call.
    public let arguments: AlgorithmArguments
    /// What the node told.
    public let environment: AlgorithmEnvironment
    /// The log of the run.
    public let log: AlgorithmLog

    private let transport: any HTTPTransport

    /// A call with its surroundings.
    public init(
        arguments: AlgorithmArguments, environment: AlgorithmEnvironment, log: AlgorithmLog,
        transport: any HTTPTransport
    ) {
        self.arguments = arguments
        self.environment = environment
        self.log = log
        self.transport = transport
    }

    /// The table of the database the task asks for first.
    /// - Throws: ``AlgorithmError`` when it asks for none, or the table cannot be read.
    public func table() throws -> DataTable {
        let labels = environment.requestedDatabases
        guard let label = labels.first else {
            throw AlgorithmError("the task asks for no database; name one when you create it")
        }
        if labels.count > 1 { log.warning("\(labels.count) databases requested, only \"\(label)\" is used") }
        return try environment.database(label).table()
    }

    /// The client through which this run can create subtasks.
    /// - Throws: ``AlgorithmError`` when the token or the address of the proxy is missing.
    public func client() throws -> AlgorithmClient {
        let path = try environment.required("TOKEN_FILE")
        guard let token = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw AlgorithmError("the token cannot be read at \(path)")
        }
        return AlgorithmClient(
            identity: try AlgorithmIdentity(token: token),
            address: try environment.proxyAddress(),
            transport: transport,
            log: log
        )
    }

    /// The organizations a central method addresses: those of the argument `organizations`, else all there are.
    /// - Throws: ``AlgorithmError`` when the argument is no list of ids.
    public func organizations(_ client: AlgorithmClient) async throws -> [Int] {
        guard let chosen = try arguments.integers("organizations") else { return try await client.organizations() }
        guard Set(chosen).count == chosen.count else {
            throw AlgorithmError("argument \"organizations\" names an organization twice")
        }
        return chosen
    }
}
