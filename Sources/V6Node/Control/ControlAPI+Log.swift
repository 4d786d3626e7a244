// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension ControlAPI {
    /// The log of a run, from wherever it is now: the engine while the container exists, then the node, then the server.
    func log(_ id: Int, follow: Bool) async throws -> ControlAnswer {
        guard let record = try services.journal.run(id) else { return .unknownRun(id) }
        let name = services.containerName(id)
        if let state = try await services.engine.state(name),
            state.labels[RunServices.instanceLabel] == services.instance
        {
            let stream = try await services.engine.logs(name, follow: follow)
            return .text(Self.text(of: stream))
        }
        let kept = RunFolder(paths: services.paths(record.assignment)).log
        if !kept.isEmpty { return .text(Self.whole(kept)) }
        guard record.phase == .done else { return .text(Self.whole("")) }
        let run = try await services.link.call("GET", "/run/\(id)")
        return .text(Self.whole(run["log"]?.stringValue ?? ""))
    }

    private static func whole(_ text: String) -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream { continuation in
            continuation.yield(text)
            continuation.finish()
        }
    }

    /// Text out of the engine's frames; as slow as whoever reads it.
    private static func text(of frames: AsyncThrowingStream<Data, any Error>) -> AsyncThrowingStream<String, any Error>
    {
        let reader = LogReader(frames)
        return AsyncThrowingStream { try await reader.next() }
    }
}

/// Reads the frames of a log as text; the unfolding of a stream calls it from one task at a time.
private actor LogReader {
    private var frames: AsyncThrowingStream<Data, any Error>.AsyncIterator
    private var demultiplexer = LogDemultiplexer()
    private var decoder = TextDecoder()
    private var isAtEnd = false

    init(_ frames: AsyncThrowingStream<Data, any Error>) { self.frames = frames.makeAsyncIterator() }

    func next() async throws -> String? {
        guard !isAtEnd else { return nil }
        var iterator = frames
        guard let piece = try await iterator.next(isolation: #isolation) else {
            isAtEnd = true
            return decoder.finish()
        }
        frames = iterator
        return decoder.feed(demultiplexer.feed(piece))
    }
}
