// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

extension RunWorker {
    /// Takes what the ended container leaves behind: exit code, log, and why it was ended.
    func collect(exitCode: Int) async throws -> RunMachine.Event {
        let name = services.containerName(run.id)
        let state = try await whileEngineIsAway { try await self.services.engine.state(name) }
        let life = folder.life
        if case .unrunnable(let reason) = life {
            return .collected(.startFailed, note: Self.refusal(reason))
        }
        if let state, state.hasStarted {
            try folder.store(log: try await whileEngineIsAway { try await self.readLog(name) })
        } else {
            // What came of it is known all the same.
            switch life {
            case .ended, .expired: break
            default: if excess == nil { return .vanished }
            }
            try folder.store(log: "[node] the container engine lost the log of the algorithm\n")
        }
        let limits = services.configuration.isolation
        if let excess { return .collected(.crashed, note: excess) }
        if state?.exceededMemory == true {
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
        // An engine that was away when the algorithm ended does not know how it ended (Docker says 255), its starter does.
        switch life {
        case .expired(let seconds):
            return .collected(
                .crashed,
                note: "The algorithm was stopped: it ran for more than \(seconds) s (isolation.time of the node).")
        case .ended(0): return .collected(.completed, note: nil)
        case .ended(let code): return .collected(.crashed, note: "The algorithm ended with exit code \(code).")
        case .none where exitCode == 0, .unknown where exitCode == 0: return .collected(.completed, note: nil)
        case .none, .unknown, .began, .running, .unrunnable:
            // Not even its starter could say a word.
            let note = """
                The container was killed (exit code \(exitCode)), not by this node. Was the container engine restarted? With \
                "live-restore" it lets algorithms go on.
                """
            return .collected(.crashed, note: note)
        }
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
        var result: ResultFile?
        var report: JSONObject = [
            "log": .string(finalLog(nil)), "status": .string(status.rawValue),
            "finished_at": .string(record.finishedAt ?? Timestamp.now().patchText),
        ]
        // Better an answer without the result than none: the person who waits learns why.
        func giveUp(_ why: String) {
            result = nil
            report["status"] = .string(RunStatus.failed.rawValue)
            report["log"] = .string(finalLog(why))
        }
        do { result = try await resultFile() } catch let error where error is NodeError || error is CryptographyError {
            giveUp("The result was not sent: \(error)")
        }
        var backoff = Backoff(first: .seconds(1), limit: .seconds(60))
        while true {
            do {
                try await send(report, result)
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
                giveUp("The server refused the result: \(error.message)")
                if backoff.attempts > 0 { try await Task.sleep(for: backoff.next()) } else { _ = backoff.next() }
            }
        }
        logger.info("\(status.rawValue), delivered")
        await emit(status)
        return .delivered
    }

    /// Sends the report: the result in the same call, or before it as a blob where the server keeps it so.
    private func send(_ report: JSONObject, _ result: ResultFile?) async throws {
        let path = "/run/\(run.id)"
        if let result, run.usesBlobs {
            let stored = try await services.link.insistUpload(
                "POST", "/blobstream", type: "application/octet-stream", result.blob)
            guard let name = stored["uuid"]?.stringValue else {
                throw APIError(kind: .invalid, message: "the server took the result but did not name it", request: path)
            }
            var report = report
            report["result"] = .string(name)
            _ = try await services.link.insist("PATCH", path, body: .object(report))
        } else if let result {
            _ = try await services.link.insistUpload(
                "PATCH", path, type: "application/json", result.document(with: report))
        } else {
            var report = report
            report["result"] = ""
            _ = try await services.link.insist("PATCH", path, body: .object(report))
        }
    }

    private func resultFile() async throws -> ResultFile {
        let size = folder.outputSize
        let isWanted =
            (outcome == .completed || outcome == .crashed) && size > 0
            && size < services.configuration.isolation.outputBytes
        let sealer = try await services.payload.sealer { try await self.receiverKey() }
        return ResultFile(path: isWanted ? folder.paths.output : nil, count: size, sealer: sealer)
    }

    /// The key of the organization that asked; waits as long as the operator has not accepted a new one.
    private func receiverKey() async throws -> PublicKey {
        var isTold = false
        while true {
            let key = try await services.link.publicKey(of: run.initOrganizationID)
            do {
                try services.keys.check(key, of: run.initOrganizationID)
                return key
            } catch let refusal as KeyPins.Refusal {
                if !isTold { logger.error("the result is kept here: \(refusal)") }
                isTold = true
                try await Task.sleep(for: .seconds(10))
            }
        }
    }

    private func finalLog(_ failure: String?) -> String {
        let notes = [note, failure].compactMap { $0 }.map { "[node] \($0)\n" }.joined()
        guard services.configuration.sharesLogs else { return "Node does not allow sharing algorithm logs\n" + notes }
        let log = folder.log
        return log + (log.isEmpty || log.hasSuffix("\n") ? "" : "\n") + notes
    }
}
