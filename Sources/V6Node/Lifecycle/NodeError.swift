// SPDX-License-Identifier: Apache-2.0

/// Why the node cannot go on, for the person who started it.
struct NodeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of mend it needs; the raw value is the exit code (those of `sysexits.h`).
    enum Kind: Int32, Sendable {
        /// Data that contradicts other data: keys, encryption.
        case data = 65
        /// A service that is needed does not answer.
        case unavailable = 69
        /// The installation is not complete.
        case software = 70
        /// The server refuses the API key.
        case credentials = 77
        /// The configuration file has faults.
        case configuration = 78
    }

    let kind: Kind
    let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
