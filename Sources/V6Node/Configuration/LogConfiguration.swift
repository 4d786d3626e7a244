// SPDX-License-Identifier: Apache-2.0

/// Where the node's log goes, and how much of it (`logging`, `directories.log`, `debug`).
struct LogConfiguration: Sendable, Hashable {
    /// In lower case; `trace` where `debug` asks for more.
    var level = "info"
    var usesConsole = true
    /// Nil for no file.
    var file: String?
    /// Bytes after which the file begins anew.
    var largestFile = 1 << 20
    /// How many predecessors of the file are kept.
    var backups = 5
}
