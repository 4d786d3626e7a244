// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

extension RunWorker {
    /// Watches what no engine limits, the shared folder, and kills the algorithm that goes beyond.
    ///
    /// Ends when it is cancelled. Its time is the business of the algorithm's starter, which needs neither node nor engine.
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
                try await endForgotten()
                return
            } catch is CancellationError {
                return
            } catch {
                logger.warning("an algorithm beyond its limits cannot be killed now: \(error)")
            }
        }
    }

    /// Ends an algorithm that goes on although the engine has ended its container: it lost track of it when it was killed.
    func endForgotten() async throws {
        guard folder.life.isAlive else { return }
        if try await RunLife.end(paths.status) {
            logger.notice("the algorithm ended; the engine knew nothing of it")
        } else {
            logger.error("the algorithm goes on although its container is gone; end it by hand (\(paths.folder))")
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
        let limit = services.configuration.isolation.sharedBytes
        guard FolderSize.bytes(of: paths.job, upTo: limit) > limit else { return nil }
        return """
            The algorithm was stopped: its shared folder /mnt/tmp is larger than \(limit >> 20) MiB (isolation.shared_size of \
            the node).
            """
    }
}
