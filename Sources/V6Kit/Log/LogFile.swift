// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A file that log lines are appended to; full ones are put aside under numbers, the newest as `.1`.
public final class LogFile: Sendable {
    private struct Content {
        var descriptor: Int32 = -1
        var size = 0
    }

    private let path: String
    private let maximumSize: Int?
    private let backupCount: Int
    private let content = Mutex(Content())

    /// Opens the file, making it and its folder when they are missing.
    ///
    /// - Parameters:
    ///   - path: where it lies.
    ///   - maximumSize: bytes after which it begins anew; nil for never.
    ///   - backupCount: how many full files are kept.
    /// - Throws: ``LogFileError`` when it cannot be written.
    public init(path: String, maximumSize: Int?, backupCount: Int) throws(LogFileError) {
        self.path = path
        self.maximumSize = maximumSize
        self.backupCount = backupCount
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
            throw LogFileError(description: "cannot make the folder \(folder): \(error.localizedDescription)")
        }
        try reopen()
    }

    deinit {
        content.withLock { content in
            if content.descriptor >= 0 { close(content.descriptor) }
        }
    }

    /// Makes another descriptor of the process, such as that of standard error, write to the file as it is now.
    public func duplicate(onto descriptor: Int32) {
        content.withLock { content in
            if content.descriptor >= 0 { dup2(content.descriptor, descriptor) }
        }
    }

    /// Appends a line.
    ///
    /// A disk that is full loses lines: that must not stop the program.
    public func write(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        content.withLock { content in
            if let maximumSize, content.size > 0, content.size + bytes.count > maximumSize { rotate(&content) }
            guard content.descriptor >= 0 else { return }
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { Foundation.write(content.descriptor, $0.baseAddress, $0.count) }
                if written > 0 { rest = rest.dropFirst(written) } else if errno != EINTR { break }
            }
            content.size += bytes.count - rest.count
        }
    }

    /// Opens the file anew: another program has put it aside.
    ///
    /// - Throws: ``LogFileError`` when that fails; then lines go where they went before.
    public func reopen() throws(LogFileError) {
        try content.withLock { content throws(LogFileError) in try open(&content) }
    }

    private func open(_ content: inout Content) throws(LogFileError) {
        let descriptor = Foundation.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LogFileError(
                description: "cannot write the log file \(path): \(String(cString: strerror(errno)))")
        }
        if content.descriptor >= 0 { close(content.descriptor) }
        content.descriptor = descriptor
        content.size = Int(lseek(descriptor, 0, SEEK_END))
    }

    private func rotate(_ content: inout Content) {
        for number in stride(from: backupCount - 1, through: 1, by: -1) {
            rename("\(path).\(number)", "\(path).\(number + 1)")
        }
        if backupCount > 0 { rename(path, "\(path).1") } else { unlink(path) }
        // Where the folder has become read-only, the old file goes on.
        do { try open(&content) } catch { content.size = 0 }
    }
}
