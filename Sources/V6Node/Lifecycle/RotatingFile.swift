// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A log file that begins anew when it is large, and keeps a few of its predecessors (`NAME.log.1` and so on).
final class RotatingFile: Sendable {
    private struct State {
        var handle: FileHandle
        var size: Int
    }

    private let path: String
    private let largest: Int
    private let backups: Int
    private let state: Mutex<State>

    /// Opens a log file, and makes its folder.
    /// - Parameters:
    ///   - path: where it lies.
    ///   - largest: bytes after which it begins anew.
    ///   - backups: how many predecessors are kept.
    /// - Throws: ``NodeError`` when it cannot be written.
    init(path: String, largest: Int, backups: Int) throws {
        self.path = path
        self.largest = largest
        self.backups = backups
        do {
            try FileManager.default.createDirectory(
                atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
            state = Mutex(try Self.open(path))
        } catch {
            throw NodeError(.configuration, "the log file \(path) cannot be written: \(error)")
        }
    }

    /// Adds a line.
    ///
    /// A log that cannot be written must not stop the node: the line is lost then.
    func write(_ line: String) {
        let data = Data((line + "\n").utf8)
        state.withLock { state in
            if state.size > 0, state.size + data.count > largest { rotate(&state) }
            do {
                try state.handle.write(contentsOf: data)
                state.size += data.count
            } catch {
                FileHandle.standardError.write(Data("v6-node: \(path): \(error)\n".utf8))
            }
        }
    }

    private func rotate(_ state: inout State) {
        let files = FileManager.default
        do {
            if backups > 0 {
                for number in stride(from: backups, through: 1, by: -1) {
                    let older = "\(path).\(number)"
                    if files.fileExists(atPath: older) { try files.removeItem(atPath: older) }
                    let newer = number == 1 ? path : "\(path).\(number - 1)"
                    if files.fileExists(atPath: newer) { try files.moveItem(atPath: newer, toPath: older) }
                }
            } else {
                try files.removeItem(atPath: path)
            }
            try state.handle.close()
            state = try Self.open(path)
        } catch {
            FileHandle.standardError.write(Data("v6-node: \(path) cannot begin anew: \(error)\n".utf8))
        }
    }

    private static func open(_ path: String) throws -> State {
        let files = FileManager.default
        if !files.fileExists(atPath: path) {
            guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                throw CocoaError(.fileWriteUnknown)
            }
        }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        return State(handle: handle, size: Int(try handle.seekToEnd()))
    }
}
