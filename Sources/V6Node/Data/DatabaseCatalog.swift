// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The databases of the node, ready to be mounted.
struct DatabaseCatalog: Sendable {
    let databases: [DatabaseConfiguration]
    private let sources: [String: String]

    /// Looks at every database.
    ///
    /// A file that only its owner may read is copied once into the node's own folder, because an algorithm has no
    /// capability to read what is not open to it; every other one is mounted as it is.
    init(_ databases: [DatabaseConfiguration], folder: String) throws {
        self.databases = databases
        var sources: [String: String] = [:]
        let files = FileManager.default
        for database in databases where database.kind != .connection {
            sources[database.label] = URL(fileURLWithPath: database.uri).resolvingSymlinksInPath().path
            guard case .file(let suffix) = database.kind, !Self.isOpen(database.uri) else { continue }
            let copy = "\(folder)/\(database.label)\(suffix)"
            try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
            if files.fileExists(atPath: copy) { try files.removeItem(atPath: copy) }
            try files.copyItem(atPath: database.uri, toPath: copy)
            try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: copy)
            sources[database.label] = copy
        }
        self.sources = sources
    }

    /// What a run sees of the databases it asked for: always read-only.
    func mounts(for requested: [AssignedRun.RequestedDatabase]) -> [ContainerSpecification.Mount] {
        databases.compactMap { database in
            guard requested.contains(where: { $0.label == database.label }), let source = sources[database.label]
            else { return nil }
            return .init(source: source, target: database.uriInContainer, isReadOnly: true)
        }
    }

    /// The names of the columns of the CSV databases, for the server; of parquet files 4.15.2 names none either.
    func columns() -> [(label: String, names: [String])] {
        databases.compactMap { database in
            if database.type == "parquet" { return (database.label, []) }
            guard database.type == "csv", let file = FileHandle(forReadingAtPath: database.uri),
                let start = try? file.read(upToCount: 1 << 20),
                let table = try? DataTable(csv: Self.firstRecord(start))
            else { return nil }
            return (database.label, table.columns)
        }
    }

    /// Everything up to the first end of a line that is not inside of quotes.
    private static func firstRecord(_ bytes: Data) -> Data {
        let mark = Data([0xEF, 0xBB, 0xBF])
        let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes
        var isQuoted = false
        return Data(
            text.prefix { byte in
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                return isQuoted || (byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\r"))
            })
    }

    private static func isOpen(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return ((attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0) & 0o004 != 0
    }
}
