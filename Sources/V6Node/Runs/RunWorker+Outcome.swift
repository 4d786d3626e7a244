// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

extension RunWorker {
    /// Takes what the ended container leaves behind: exit code, log, and why it was ended.
    func collect(exitCode: Int) async throws -> RunMachine.Event {
        let name = services.containerName(run.id)
        let state = try await whileEngineIsAway { try await self.services.engine.state(name) }
        guard let state else { return .vanished }
        let log = try await whileEngineIsAway { try await self.readLog(name) }
        try folder.store(log: log)
        let limits = services.configuration.isolation
        if state.exceededMemory {
            let limit = limits.memory.map { " of \($0 >> 20) MiB (isolation.memory of the node)" } ?? ""
            return .collected(
                .crashed, note: "The algorithm was stopped: it needed more memory than its limit\(limit).")
        }
        if folder.outputSize >= limits.outputBytes {
            return .collected(
                .crashed,
                note:
                    "The output reached the limit of \(limits.outputBytes >> 20) MiB (isolation.output_size of the node)."
            )
        }
        return exitCode == 0
            ? .collected(.completed, note: nil)
            : .collected(.crashed, note: "The algorithm ended with exit code \(exitCode).")
    }

    private func readLog(_ name: String) async throws -> String {
        var demultiplexer = LogDemultiplexer()
        var decoder = TextDecoder()
        var collector = LogCollector()
        for try await piece in try await services.engine.logs(name, follow: false) {
            collector.append(decoder.feed(demultiplexer.feed(piece)))
        }
        collector.append(decoder.finish())
        return collector.text
    }

    /// Hands the outcome to the server, however long that takes.
    func deliver() async throws -> RunMachine.Event {
        let status = outcome ?? .unknownError
        var failure: String?
        var result = ""
        do {
            result = try await services.payload.seal(try sendableOutput()) {
                try await self.services.link.publicKey(of: self.run.initOrganizationID)
            }
        } catch let error where error is NodeError || error is CryptographyError {
            failure = "The result was not sent: \(error)"
        }
        var body: JSONObject = [
            "result": .string(result), "log": .string(finalLog(failure)),
            "status": .string((failure == nil ? status : .failed).rawValue),
            "finished_at": .string(record.finishedAt ?? Timestamp.now().patchText),
        ]
        var backoff = Backoff(first: .seconds(1), limit: .seconds(60))
        while true {
            do {
                _ = try await services.link.insist("PATCH", "/run/\(run.id)", body: .object(body))
                break
            } catch let error as APIError {
                if error.kind == .notFound { break }
                if try await services.link.insisting("GET run", { try await services.link.isFinished(run: run.id) })
                    != false
                {
                    logger.info("the run is already finished at the server")
                    break
                }
                logger.error("the server refuses the result: \(error)")
                // Better an answer without the result than none: the person who waits learns why.
                body["result"] = ""
                body["status"] = .string(RunStatus.failed.rawValue)
                body["log"] = .string(finalLog("The server refused the result: \(error.message)"))
                if backoff.attempts > 0 { try await Task.sleep(for: backoff.next()) } else { _ = backoff.next() }
            }
        }
        logger.info("\(status.rawValue), delivered")
        await emit(status)
        return .delivered
    }

    private func sendableOutput() throws -> Data {
        let isWanted = outcome == .completed || outcome == .crashed
        return isWanted && folder.outputSize < services.configuration.isolation.outputBytes
            ? try folder.output() : Data()
    }

    private func finalLog(_ failure: String?) -> String {
        let notes = [note, failure].compactMap { $0 }.map { "[node] \($0)\n" }.joined()
        guard services.configuration.sharesLogs else { return "Node does not allow sharing algorithm logs\n" + notes }
        let log = folder.log
        return log + (log.isEmpty || log.hasSuffix("\n") ? "" : "\n") + notes
    }
}
