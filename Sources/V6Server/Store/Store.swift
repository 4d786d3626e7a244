// SPDX-License-Identifier: Apache-2.0

/// The statements one transaction may send.
///
/// Valid only inside the closure it was given to.
protocol SQLSession {
    /// Runs a statement and gives its rows.
    func rows(_ sql: SQL) throws -> [SQLRow]

    /// Runs a statement and gives the number of rows it changed.
    @discardableResult
    func run(_ sql: SQL) throws -> Int

    /// Announces statements that are asked for soon, so that an engine far away can send them along with the next one.
    ///
    /// Only statements that read, cannot fail whatever their values, and are asked for before anything is changed. They are
    /// not even made where nothing is gained by that.
    func expect(_ statements: @autoclosure () -> [SQL])

    /// The statements asked so far, for the next time (``Store/read(asking:kind:_:)``): none where knowing them saves no way;
    /// nil when the transaction was too slow to share it with others.
    var asked: [SQL]? { get }

    /// Runs a statement that changes something and whose outcome nobody looks at, at the latest with the next one.
    func post(_ sql: SQL) throws

    /// Tells whoever reads the event log that there is more, once the transaction is stored.
    func announceEvents() throws

    /// The next identifiers of tables, in their order: above every one that exists or ever existed.
    func nextIDs(_ wanted: [(table: Table, count: Int)]) throws -> [[Int64]]
}

extension SQLSession {
    // Where a statement costs no way, there is nothing to gain.
    func expect(_ statements: @autoclosure () -> [SQL]) {}

    func post(_ sql: SQL) throws { try run(sql) }

    /// The next identifier of a table: above every one that exists or ever existed.
    func nextID(of table: Table) throws -> Int64 {
        guard let id = try nextIDs([(table, 1)]).first?.first else {
            throw StoreError(description: "database: the table \(table.rawValue) hands out no identifiers")
        }
        return id
    }

    /// The first row of an answer.
    func row(_ sql: SQL) throws -> SQLRow? { try rows(sql).first }

    /// The number in the first column of the first row.
    func integer(_ sql: SQL) throws -> Int64? { try row(sql)?.integer(0) }

    /// The numbers in the first column.
    func integers(_ sql: SQL) throws -> [Int64] { try rows(sql).compactMap { $0.integer(0) } }

    /// Whether the statement gives any row.
    func exists(_ sql: SQL) throws -> Bool { try row(sql) != nil }
}

/// A database.
///
/// A transaction is a synchronous closure, so that it can never wait for anything but the database.
protocol Store: Sendable {
    /// Runs a closure over one consistent state of the database.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value

    /// The same for a closure that is quick, and likely to ask these statements and no others; it may share a transaction
    /// with other such closures, and answers with those of its kind.
    func read<Value: Sendable>(
        asking statements: [SQL], kind: Int, _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value

    /// Runs a closure in a transaction that is kept when it returns and undone when it throws.
    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value

    /// Speaks up whenever events were appended, by this process or another; for one reader.
    func eventSignals() -> AsyncStream<Void>

    /// Closes the connections; nothing may be asked afterwards.
    func close() throws
}

/// The tables whose rows carry an identifier of their own.
///
/// Users and nodes take theirs from ``authenticatable``, so the two never collide.
enum Table: String, CaseIterable, Sendable {
    case authenticatable, organization, collaboration, study, role, rule, task, taskdatabase, run, nodeconfig
    case algorithmport, algorithmstore

    /// The name as a part of a statement.
    var sql: SQL { SQL(trusted: rawValue) }
}

/// What can go wrong in a store, in words for the operator.
struct StoreError: Error, CustomStringConvertible {
    /// What happened and what to do about it; never the values of a statement.
    let description: String
    /// Whether a value that must be unique was there already.
    var isUniqueViolation = false
    /// Whether a value of the request is one that the engine cannot take, such as a text that is no time.
    var isUnfitValue = false
    /// Whether there is no way to the database, also after a while.
    var isUnreachable = false

    /// What was asked too late.
    static let closed = StoreError(description: "the database was closed")
}
