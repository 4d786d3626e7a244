// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

extension RunWorker {
    /// Watches what no engine limits, the shared folder and the time, and kills the algorithm that goes beyond.
    ///
    /// Ends when it is cancelled.
    func guardLimits() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .seconds(1))
                guard let excess = passedLimit() else { continue }
                logger.warning("\(excess)")
                noteExcess(excess)
                try await whileEngineIsAway {
                    try await self.services.engine.kill(self.services.containerName(self.run.id))
                }
                return
            } catch is CancellationError {
                return
            } catch {
                logger.warning("an algorithm beyond its limits cannot be killed now: \(error)")
            }
        }
    }

    /// Removes the folder that the runs of the job share when more is in it than may be, and no other run needs it.
    ///
    /// A folder within its limit is kept for a while, see ``Housekeeping``.
    func removeOverfullFolder() throws {
        let limit = services.configuration.isolation.sharedBytes
        guard FolderSize.bytes(of: paths.job, upTo: limit) > limit else { return }
        let others = try services.journal.runs().filter { $0.jobID == run.jobID && $0.id != run.id }
        if others.allSatisfy({ $0.phase == .done }) { try FileManager.default.removeItem(atPath: paths.job) }
    }

    /// Which limit is passed, for the person who reads the log; nil while all is well.
    private func passedLimit() -> String? {
        let limits = services.configuration.isolation
        if FolderSize.bytes(of: paths.job, upTo: limits.sharedBytes) > limits.sharedBytes {
            return """
                The algorithm was stopped: its shared folder /mnt/tmp is larger than \(limits.sharedBytes >> 20) MiB \
                (isolation.shared_size of the node).
                """
        }
        guard let seconds = limits.seconds, let begun = startedAt, Date().timeIntervalSince(begun) > Double(seconds)
        else { return nil }
        return "The algorithm was stopped: it ran for more than \(seconds) s (isolation.time of the node)."
    }
}
