// SPDX-License-Identifier: Apache-2.0

/// Why an algorithm cannot go on, in words for the researcher who reads the run's log.
///
/// The message leaves the site with the log, so it never holds a value from the data.
public struct AlgorithmError: Error, Hashable, CustomStringConvertible {
    /// What failed, why, and what to do about it.
    public let message: String

    /// Creates an error from its message.
    public init(_ message: String) { self.message = message }

    public var description: String { message }
}
