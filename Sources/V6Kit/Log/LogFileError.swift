// SPDX-License-Identifier: Apache-2.0

/// A log file that cannot be written, and why.
public struct LogFileError: Error, CustomStringConvertible {
    public let description: String
}
