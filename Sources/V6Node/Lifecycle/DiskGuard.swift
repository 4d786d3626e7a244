// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging

/// Keeps the disk from running full without a word: before a run begins there must be room, else what can go is removed.
actor DiskGuard {
    private let housekeeping: Housekeeping
    private let space: @Sendable () throws -> DiskSpace
    private let logger: Logger
    private(set) var isLow = false

    /// A guard; `space` looks at the disk.
    init(_ housekeeping: Housekeeping, logger: Logger, space: @escaping @Sendable () throws -> DiskSpace) {
        self.housekeeping = housekeeping
        self.logger = logger
        self.space = space
    }

    private var needed: Int { housekeeping.limits.freeBytes }

    /// Whether a run may begin; what to tell whoever waits for it when it may not.
    func refusal() async -> String? {
        do {
            var free = try space().free
            if free < needed {
                await tidy(isPressing: true)
                free = try space().free
            }
            let wasLow = isLow
            isLow = free < needed
            if isLow, !wasLow {
                logger.critical(
                    "a disk of this node or its engine is nearly full (\(free >> 20) MiB free): runs are refused")
            }
            guard isLow else { return nil }
            return """
                The disk of this node is nearly full: \(free >> 20) MiB are free, and a run needs \(needed >> 20) MiB \
                (housekeeping.min_free of the node). Its operator has to make room; then create the task anew.
                """
        } catch {
            logger.warning("how much room there is cannot be found out: \(error)")
            return nil
        }
    }

    /// Removes what can go, and forgets runs of long ago.
    func tidy(isPressing: Bool = false) async {
        do {
            for removal in try await housekeeping.tidy(isPressing: isPressing) {
                let item = removal.item
                if let failure = removal.failure {
                    logger.warning("\(item.kind.rawValue) \(item.name) stays: \(failure)")
                } else {
                    logger.info("removed \(item.kind.rawValue) \(item.name): \(item.reason)")
                }
            }
        } catch {
            logger.warning("tidying up stopped: \(error)")
        }
    }
}
