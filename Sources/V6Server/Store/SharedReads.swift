// SPDX-License-Identifier: Apache-2.0

/// Reads that are known to be quick, several at a time in one transaction.
///
/// The more there is to do, the more of them share the way to the database, and what several of them ask is asked once.
/// Each sees one state of the database, from after it was asked for.
final class SharedReads<Connection>: Sendable {
    /// One read.
    struct Read: Sendable {
        /// What it is likely to ask.
        let statements: [SQL]
        /// The same number for reads that are likely to ask the same.
        let kind: Int
        /// Runs it and hands over its outcome; throws what the database says instead.
        let run: @Sendable (any SQLSession) throws(StoreError) -> Void
        /// Hands over that it failed.
        let fail: @Sendable (any Error) -> Void
    }

    /// Reads of one transaction that have yet to hand over an outcome.
    typealias Batch = ArraySlice<Read>

    private let threads: WorkerThreads<Connection>
    private let attempt: @Sendable (inout Batch, inout Connection) throws -> Void
    private let waiting = Gathering<Read>(mostWorkers: 2, mostJobs: 16)

    /// - Parameters:
    ///   - threads: where they are run.
    ///   - attempt: runs reads in one transaction, by ``run(_:session:)``.
    init(
        on threads: WorkerThreads<Connection>,
        attempt: @escaping @Sendable (inout Batch, inout Connection) throws -> Void
    ) {
        self.threads = threads
        self.attempt = attempt
    }

    /// Runs a closure over one consistent state of the database.
    func read<Value: Sendable>(
        _ statements: [SQL], kind: Int, _ body: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let read = Read(statements: statements, kind: kind) { session throws(StoreError) in
                let outcome = Result { try body(session) }
                if case .failure(let error as StoreError) = outcome { throw error }
                continuation.resume(with: outcome)
            } fail: {
                continuation.resume(throwing: $0)
            }
            guard waiting.add(read) else { return }
            let isTaken = threads.submit { [waiting, attempt] connection in
                while case let reads = waiting.take(), !reads.isEmpty { Self.run(reads, attempt, &connection) }
            }
            guard !isTaken else { return }
            while case let reads = waiting.take(), !reads.isEmpty {
                for read in reads { read.fail(StoreError.closed) }
            }
        }
    }

    /// Runs each with a session of its own, and takes it out of the batch once it has handed over an outcome.
    static func run(_ batch: inout Batch, session: (Read) -> any SQLSession) throws {
        while let read = batch.first {
            try read.run(session(read))
            batch.removeFirst()
        }
    }

    private static func run(
        _ reads: [Read], _ attempt: (inout Batch, inout Connection) throws -> Void,
        _ connection: inout Connection
    ) {
        var rest = reads[...]
        do { try attempt(&rest, &connection) } catch let error as StoreError where error.isUnreachable {
            for read in rest { read.fail(error) }
        } catch {
            // The database refused one of them: alone, each gets an answer or an error of its own.
            for read in rest {
                var single = [read][...]
                do { try attempt(&single, &connection) } catch { read.fail(error) }
            }
        }
    }
}
