// SPDX-License-Identifier: Apache-2.0

import Foundation

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

    /// The names of the columns of the CSV databases, for the server.
    func columns() -> [(label: String, names: [String])] {
        databases.compactMap { database in
            guard database.type == "csv", let file = FileHandle(forReadingAtPath: database.uri),
                let start = try? file.read(upToCount: 65_536),
                let line = String(decoding: start, as: UTF8.self).split(whereSeparator: \.isNewline).first
            else { return nil }
            let names = line.split(separator: ",", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: " \"\u{FEFF}"))
            }
            return (database.label, names)
        }
    }

    private static func isOpen(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return ((attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0) & 0o004 != 0
    }
}
