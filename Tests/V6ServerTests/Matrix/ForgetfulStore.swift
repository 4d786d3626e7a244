// SPDX-License-Identifier: Apache-2.0

@testable import V6Server

/// A database that undoes every change, so that each request of a test meets the same state.
struct ForgetfulStore: Store {
    let store: any Store

    private struct Undo: Error {
        let value: any Sendable
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await store.read(body)
    }

    func read<Value: Sendable>(
        asking statements: [SQL], kind: Int, _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        try await store.read(asking: statements, kind: kind, body)
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        do {
            return try await store.write { session in throw Undo(value: try body(session)) }
        } catch let undo as Undo {
            guard let value = undo.value as? Value else { throw undo }
            return value
        }
    }

    func eventSignals() -> AsyncStream<Void> { store.eventSignals() }

    func close() throws { try store.close() }
}
