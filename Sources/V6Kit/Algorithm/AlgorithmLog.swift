// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The log of a run: lines on standard output, in the form of the Python tools (`info > ...`).
public struct AlgorithmLog: Sendable {
    private let write: @Sendable (String) -> Void

    /// A log that hands each line, without its end, to a closure.
    public init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

    /// The log of this process.
    ///
    /// Lines leave at once: the node follows them while the algorithm runs.
    public static let standardOutput = AlgorithmLog { line in
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }

    /// Tells how the work goes on.
    public func info(_ message: String) { write("info > \(message)") }

    /// Tells what may surprise.
    public func warning(_ message: String) { write("warn > \(message)") }

    /// Tells what failed.
    public func error(_ message: String) { write("error > \(message)") }
}
