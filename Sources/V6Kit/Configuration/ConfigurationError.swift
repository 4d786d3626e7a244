// SPDX-License-Identifier: Apache-2.0

/// All faults of one configuration file, so that they can be mended in one go.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// One fault.
    public struct Fault: Sendable, Hashable, CustomStringConvertible {
        /// The file.
        public let file: String
        /// The line, counted from 1; nil when the fault concerns the whole file.
        public let line: Int?
        /// The key, such as `databases[0].uri`; empty for the whole file.
        public let key: String
        /// What was expected and what was found.
        public let message: String

        public var description: String {
            "\(file)\(line.map { ":\($0)" } ?? ""): \(key.isEmpty ? "" : key + ": ")\(message)"
        }
    }

    /// The faults, in the order of the file.
    public let faults: [Fault]

    init(faults: [Fault]) { self.faults = faults }

    /// One fault that concerns a whole file, or the text at a line.
    init(file: String, line: Int?, message: String) {
        self.init(faults: [Fault(file: file, line: line, key: "", message: message)])
    }

    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
