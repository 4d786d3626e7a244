// SPDX-License-Identifier: Apache-2.0

/// A data source that algorithms may ask for (`databases[]`).
struct DatabaseConfiguration: Sendable, Hashable {
    /// What lies behind the URI.
    enum Kind: Sendable, Hashable {
        /// A file of this machine; the suffix with its dot, or empty.
        case file(suffix: String)
        case folder
        /// A connection string, handed on as it is.
        case connection
    }

    let label: String
    /// A path or a connection string.
    let uri: String
    /// `csv`, `parquet`, `excel`, `sql`, `sparql`, `omop`, `folder`, `other`; handed on as it is.
    let type: String
    let kind: Kind
    /// `mount_mode: ro`: algorithms see the file itself under `/mnt`, not under `/mnt/data`.
    let isMountedReadOnly: Bool
    /// What the algorithm gets as `<LABEL>_DB_PARAM_<KEY>`.
    let parameters: [String: String]
    /// The connection string as an algorithm can use it, where it is not the one of the configuration.
    var rewrittenURI: String?

    /// Where an algorithm finds it (4.15.2).
    var uriInContainer: String {
        switch kind {
        case .file(let suffix): isMountedReadOnly ? "/mnt/\(label)\(suffix)" : "/mnt/data/\(label)\(suffix)"
        case .folder: "/mnt/\(label)"
        case .connection: rewrittenURI ?? uri
        }
    }
}
