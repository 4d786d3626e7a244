// SPDX-License-Identifier: Apache-2.0

/// How far a run has come on this node.
///
/// The journal holds it; each value is written before the step it names begins.
enum RunPhase: String, Sendable, Hashable, Codable, CaseIterable {
    /// Known, waits for a place.
    case queued
    /// The server is told that the run starts.
    case claiming
    /// Policy, input, container token, image, files.
    case preparing
    /// The engine is asked for the containers. Nothing has run yet.
    case creating
    /// The engine is asked to start the algorithm. From here on a missing container means a lost run.
    case starting
    /// The algorithm runs.
    case running
    /// The algorithm has ended; exit code and log are gathered.
    case collecting
    /// Somebody killed the run; its containers are being removed.
    case killing
    /// The outcome is known and stored here; the server does not have it yet.
    case delivering
    /// The server has the outcome; containers and files are being removed.
    case cleaning
    /// Nothing is left to do.
    case done

    /// Whether the algorithm can have begun to execute.
    var mayHaveExecuted: Bool { ![.queued, .claiming, .preparing, .creating].contains(self) }
}
