// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Makes and removes the files of one run.
struct RunFolder: Sendable {
    let paths: RunPaths

    /// Writes everything the container will see.
    ///
    /// What an earlier attempt left is replaced.
    ///
    /// An input of nil lies there already.
    ///
    /// The folder above is closed to other users of the machine; inside, the modes suit whatever user the image runs as.
    func prepare(
        input: Data?, token: String, hosts: String, context: RunContext?, databases: [ContainerSpecification.Mount]
    ) throws {
        let files = FileManager.default
        try close("\(paths.root)/jobs")
        try open()
        try files.createDirectory(atPath: paths.job, withIntermediateDirectories: true)
        // Shared by all runs of the job, whatever users their images name.
        try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: paths.job)
        if let input { try input.write(to: URL(fileURLWithPath: paths.input)) }
        try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: paths.input)
        try write(Data(token.utf8), to: paths.token, mode: 0o644)
        try write(Data(), to: paths.output, mode: 0o666)
        if let context { try write(context.json.data(.pretty), to: paths.context, mode: 0o644) }
        try write(Data(), to: paths.status, mode: 0o666)
        try write(Data(hosts.utf8), to: paths.hosts, mode: 0o644)
        // A file can only be mounted onto a file.
        for mount in databases where mount.target.hasPrefix("/mnt/data/") {
            try write(Data(), to: paths.data + mount.target.dropFirst("/mnt/data".count), mode: 0o644)
        }
    }

    /// Makes the folder that input and output lie in.
    func open() throws {
        try close("\(paths.root)/runs")
        let task = URL(fileURLWithPath: paths.input).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: task, withIntermediateDirectories: true)
    }

    /// The token the container was given; nil before it was.
    var token: String? {
        FileManager.default.contents(atPath: paths.token).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What became of the algorithm, by the word of its own starter.
    var life: RunLife { RunLife(path: paths.status) }

    /// The size of what the algorithm wrote so far, in bytes.
    var outputSize: Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: paths.output)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }

    /// Keeps the final log until it is delivered.
    func store(log: String) throws { try write(Data(log.utf8), to: paths.log, mode: 0o600) }

    /// The final log; empty when the algorithm never ran.
    var log: String {
        FileManager.default.contents(atPath: paths.log).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Removes everything of the run, its token first of all.
    func remove() throws {
        let files = FileManager.default
        if files.fileExists(atPath: paths.token) { try files.removeItem(atPath: paths.token) }
        if files.fileExists(atPath: paths.folder) { try files.removeItem(atPath: paths.folder) }
    }

    private func close(_ folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    private func write(_ data: Data, to path: String, mode: Int) throws {
        try data.write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}
