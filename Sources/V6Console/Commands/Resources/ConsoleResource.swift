// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// One kind of object of the server: where it is, and how it is shown.
protocol ConsoleResource: Sendable {
    /// The word for one, e.g. `task`; also the path of the list.
    static var noun: String { get }
    static var columns: [RecordColumn] { get }
    /// The member that says when it came about, for `since=`.
    static var timeMember: String? { get }
    /// What it is found by besides its identifier.
    static var kind: NameIndex.Kind? { get }
    /// What goes with one when it is deleted, for the question: ` with its runs`.
    static var dependents: String { get }
    /// Query parameters for showing one.
    static var detailQuery: [(String, String)] { get }

    /// What another question adds to each record for the detailed columns.
    static func supplement(in context: CommandContext) async throws -> @Sendable (JSONValue) -> JSONValue

    associatedtype Scope: ListScope
}

extension ConsoleResource {
    static var timeMember: String? { nil }
    static var kind: NameIndex.Kind? { NameIndex.Kind(rawValue: noun) }
    static var dependents: String { "" }
    static var detailQuery: [(String, String)] { [] }
    static func supplement(in context: CommandContext) async throws -> @Sendable (JSONValue) -> JSONValue { { $0 } }
}

/// A kind of object that can be deleted, here and on the screen.
protocol DeletableResource: ConsoleResource {
    static var record: RecordKind { get }
}

extension DeletableResource {
    static var noun: String { record.rawValue }
}

/// The flags by which a list of one resource is narrowed at the server.
protocol ListScope: ParsableArguments, Sendable {
    /// The flag `--collaboration`, where there is one.
    var collaboration: String? { get }
    /// The flags as query parameters, names resolved.
    func query(in context: CommandContext) async throws -> [(String, String)]
}

extension ListScope {
    var collaboration: String? { nil }
}

/// A list without flags of its own.
struct NoScope: ListScope {
    func query(in context: CommandContext) async throws -> [(String, String)] { [] }
}

/// A list that can be narrowed to a collaboration.
struct CollaborationScope: ListScope {
    @Option(
        help: ArgumentHelp("Only of this collaboration.", valueName: "name or id"),
        completion: .values(of: .collaboration))
    var collaboration: String?

    func query(in context: CommandContext) async throws -> [(String, String)] {
        try await context.collaborationQuery()
    }
}

extension CommandContext {
    /// The collaboration of flag, environment or profile as a query parameter; empty when there is none.
    func collaborationQuery() async throws -> [(String, String)] {
        guard let name = session.settings.collaboration else { return [] }
        return [("collaboration_id", "\(try await directory.resolve(name, as: .collaboration).id)")]
    }
}
