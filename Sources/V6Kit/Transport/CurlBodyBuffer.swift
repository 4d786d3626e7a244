// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

/// The pieces of a streamed body between the curl thread, which writes, and one reader.
///
/// Letting go of it abandons the transfer.
final class CurlBodyBuffer: Sendable {
    /// The part that the transfer keeps as well.
    let core = Core()
    private let onDrained: @Sendable () -> Void
    private let onAbandoned: @Sendable () -> Void

    init(onDrained: @escaping @Sendable () -> Void, onAbandoned: @escaping @Sendable () -> Void) {
        self.onDrained = onDrained
        self.onAbandoned = onAbandoned
    }

    deinit { onAbandoned() }

    /// Waits for the next piece; nil at the end.
    func next() async throws -> Data? {
        let (piece, drained) = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { core.take($0) }
        } onCancel: {
            core.finish(throwing: CancellationError())
            onAbandoned()
        }
        if drained { onDrained() }
        return piece
    }

    /// The queue of pieces under its lock.
    final class Core: Sendable {
        typealias Reader = CheckedContinuation<(Data?, Bool), any Error>

        /// Above this many bytes the transfer is paused.
        private static let limit = 1 << 20

        private struct State {
            var pieces: [Data] = []
            var count = 0
            var isPaused = false
            var isFinished = false
            var failure: (any Error)?
            var reader: Reader?
        }

        private let state = Mutex(State())

        /// Takes a piece from the curl thread; false asks it to pause and offer the piece again.
        func offer(_ piece: Data) -> Bool {
            let (accepted, reader): (Bool, Reader?) = state.withLock { state in
                if state.isFinished { return (true, nil) }
                if let reader = state.reader {
                    state.reader = nil
                    return (true, reader)
                }
                if state.count >= Self.limit {
                    state.isPaused = true
                    return (false, nil)
                }
                state.pieces.append(piece)
                state.count += piece.count
                return (true, nil)
            }
            reader?.resume(returning: (piece, false))
            return accepted
        }

        /// Ends the body, in order behind the pieces that wait.
        func finish(throwing failure: (any Error)? = nil) {
            let reader: Reader? = state.withLock { state in
                guard !state.isFinished else { return nil }
                state.isFinished = true
                state.failure = failure
                defer { state.reader = nil }
                return state.reader
            }
            if let failure { reader?.resume(throwing: failure) } else { reader?.resume(returning: (nil, false)) }
        }

        fileprivate func take(_ reader: Reader) {
            enum Outcome {
                case piece(Data, drained: Bool)
                case end
                case failure(any Error)
                case waiting
            }
            let outcome: Outcome = state.withLock { state in
                if !state.pieces.isEmpty {
                    let piece = state.pieces.removeFirst()
                    state.count -= piece.count
                    let drained = state.isPaused && state.count < Self.limit / 2
                    if drained { state.isPaused = false }
                    return .piece(piece, drained: drained)
                }
                if let failure = state.failure { return .failure(failure) }
                if state.isFinished { return .end }
                state.reader = reader
                return .waiting
            }
            switch outcome {
            case .piece(let piece, let drained): reader.resume(returning: (piece, drained))
            case .end: reader.resume(returning: (nil, false))
            case .failure(let failure): reader.resume(throwing: failure)
            case .waiting: break
            }
        }
    }
}
