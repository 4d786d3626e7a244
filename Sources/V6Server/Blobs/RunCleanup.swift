// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import ServiceLifecycle
import V6Kit

/// Clears the results of old runs once an hour, and removes blobs that could not be removed at once.
///
/// 4.15.2: only completed runs are cleared, each once; their rows stay, with the time in `cleanup_at`. Several servers may
/// do it at the same time.
struct RunCleanup: Service {
    /// What is cleared.
    struct Rule: Sendable, Hashable {
        /// How old a result may become, in days.
        let days: Int
        /// Whether inputs are cleared as well.
        let includesInput: Bool
    }

    let store: any Store
    /// Nil when no results are cleared.
    let rule: Rule?
    /// Nil when everything is in the database.
    let bin: BlobBin?
    let logger: Logger
    let now: @Sendable () -> Timestamp

    /// How many runs are cleared in one transaction, so that none holds up the others for long.
    private static let batch = 200

    func run() async throws {
        guard rule != nil || bin != nil else {
            try await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            repeat { await round() } while (try? await Task.sleep(for: .seconds(3600))) != nil
        }
    }

    /// One round; what fails is said and left to the next one.
    func round() async {
        do {
            var count = 0
            while let rule, !Task.isCancelled {
                let cleared = try await store.write { try clear(rule, $0) }
                count += cleared
                if cleared < Self.batch { break }
            }
            if count > 0 { logger.info("cleared the results of \(count) old runs") }
            try await bin?.empty()
        } catch {
            logger.error("cannot clear old results, it is tried again in an hour: \(error)")
        }
    }

    private func clear(_ rule: Rule, _ session: any SQLSession) throws -> Int {
        let moment = now()
        let limit = moment.adding(seconds: -Double(rule.days) * 86_400)
        let rows = try session.rows(
            """
            SELECT id, result, input, blob_storage_used FROM run WHERE cleanup_at IS NULL
                AND status = \(RunStatus.completed.rawValue) AND finished_at < \(limit)
                ORDER BY finished_at LIMIT \(Self.batch)
            """)
        guard !rows.isEmpty else { return 0 }
        let input: SQL = rule.includesInput ? ", input = ''" : ""
        try session.run(
            """
            UPDATE run SET result = '', cleanup_at = \(moment)\(input)
                WHERE cleanup_at IS NULL AND id IN \(list: rows.compactMap { $0.integer(0) })
            """)
        let names = rows.filter { $0.bool(3) == true }.flatMap { row in
            rule.includesInput ? [row.text(1), row.text(2)] : [row.text(1)]
        }
        try BlobBin.add(names.compactMap(\.self), session)
        return rows.count
    }
}
