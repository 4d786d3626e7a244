// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// The life of one run, as a value: an event goes in, the next actions come out.
///
/// It does nothing itself.
///
/// What makes a run execute at most once: the container has a name made from the run, it is created before ``RunPhase/starting``
/// is written, it is started only after, and a container that the engine once started is never created again.
struct RunMachine: Sendable, Hashable {
    /// What the engine says about the container of the run.
    enum ContainerSighting: Sendable, Hashable {
        case missing
        /// Created, never started.
        case created
        case running
        case exited(code: Int)
    }

    /// What happened.
    enum Event: Sendable, Hashable {
        /// A place is free.
        case admitted
        /// The server knows that the run starts.
        case claimed
        /// The server no longer wants it: it is finished, or it is gone.
        case withdrawn
        /// Everything is in place to create the container from this image.
        case prepared(image: String)
        /// It will not run, and why.
        case rejected(RunStatus, note: String)
        case created(containerID: String)
        case started
        /// The engine refused to start the container; `final` when another attempt would be refused as well.
        case startRefused(note: String, final: Bool)
        case exited(code: Int)
        case vanished
        /// Exit code and log are stored.
        case collected(RunStatus, note: String?)
        /// Somebody wants it to end.
        case killRequested
        /// Its containers are gone.
        case killed
        /// The server has the outcome.
        case delivered
        case cleaned
        /// The node began anew and looked what is there.
        case recovered(ContainerSighting)
    }

    /// What to do next.
    ///
    /// Each ends in exactly one event.
    enum Action: Sendable, Hashable {
        case claim, prepare, create, start, watch, kill, deliver, clean
        case collect(exitCode: Int)

        /// Whether the algorithm does not execute yet.
        var leadsToStart: Bool { [.claim, .prepare, .create, .start].contains(self) }
    }

    /// How often the engine is asked to start a container that it refuses to start: it may have been killed while it did.
    static let startAttempts = 5

    private(set) var phase: RunPhase
    /// How often the start was refused.
    private(set) var refusals = 0
    /// The image that runs: name and digest, or the identifier of a local image.
    private(set) var image: String?
    private(set) var containerID: String?
    /// How it ended; set from ``RunPhase/delivering`` on.
    private(set) var outcome: RunStatus?
    /// What the node has to say about the outcome, put behind the log of the algorithm.
    private(set) var note: String?

    /// A run that has just become known.
    init() { phase = .queued }

    /// A run as the journal remembers it.
    init(phase: RunPhase, image: String?, containerID: String?, outcome: RunStatus?, note: String?) {
        self.phase = phase
        self.image = image
        self.containerID = containerID
        self.outcome = outcome
        self.note = note
    }

    /// Takes an event and says what to do.
    ///
    /// The caller stores the machine before it does it.
    ///
    /// An event that does not belong to the phase changes nothing: a late answer cannot move a run backwards.
    mutating func handle(_ event: Event) -> Action? {
        switch (phase, event) {
        case (.queued, .admitted):
            return go(.claiming, .claim)
        case (.claiming, .claimed):
            return go(.preparing, .prepare)
        case (.preparing, .prepared(let image)):
            self.image = image
            return go(.creating, .create)
        case (.creating, .created(let id)):
            containerID = id
            return go(.starting, .start)
        case (.starting, .started):
            return go(.running, .watch)
        case (.starting, .startRefused(let note, let final)):
            refusals += 1
            return final || refusals >= Self.startAttempts ? end(.startFailed, note) : .start
        case (.running, .exited(let code)):
            return go(.collecting, .collect(exitCode: code))
        case (.collecting, .collected(let status, let note)):
            return end(status, note)
        case (.claiming, .rejected(let status, let note)), (.preparing, .rejected(let status, let note)),
            (.creating, .rejected(let status, let note)):
            return end(status, note)
        case (.starting, .vanished), (.running, .vanished), (.collecting, .vanished):
            return end(
                .unknownError, "The algorithm container disappeared; it was removed by somebody else than the node.")
        case (.killing, .killed):
            return end(.killed, nil)
        case (.delivering, .delivered):
            return go(.cleaning, .clean)
        case (.cleaning, .cleaned):
            return go(.done, nil)
        case (_, .killRequested):
            return [.killing, .delivering, .cleaning, .done].contains(phase) ? nil : go(.killing, .kill)
        case (_, .withdrawn):
            return [.cleaning, .done].contains(phase) ? nil : go(.cleaning, .clean)
        case (_, .recovered(let sighting)):
            return recover(sighting)
        default:
            return nil
        }
    }

    private mutating func recover(_ sighting: ContainerSighting) -> Action? {
        switch phase {
        case .queued, .claiming, .preparing:
            // Nothing has run and nothing but a claim was said: begin again, with a fresh input and token.
            return go(.queued, nil)
        case .killing: return .kill
        case .delivering: return .deliver
        case .cleaning: return .clean
        case .done: return nil
        case .creating, .starting, .running, .collecting: break
        }
        switch sighting {
        case .running: return go(.running, .watch)
        case .exited(let code): return go(.collecting, .collect(exitCode: code))
        case .created: return phase == .creating ? .create : go(.starting, .start)
        case .missing where phase == .creating: return .create
        case .missing:
            return end(
                .unknownError,
                "The algorithm container disappeared while the node was away. It may have run, so it is not run again.")
        }
    }

    private mutating func go(_ next: RunPhase, _ action: Action?) -> Action? {
        phase = next
        return action
    }

    private mutating func end(_ status: RunStatus, _ note: String?) -> Action? {
        outcome = status
        self.note = note
        return go(.delivering, .deliver)
    }
}
