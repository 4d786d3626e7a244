// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import UnixSignals

/// Opens the log file anew at each `SIGHUP`, as programs that put log files aside expect.
struct LogReopening: Service {
    let output: LogOutput
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            for await _ in signals {
                do {
                    try self.output.reopen()
                    self.logger.info("log files reopened")
                } catch {
                    self.logger.error("\(error)")
                }
            }
        }
    }
}
