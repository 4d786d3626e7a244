// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Files that only their owner may read: tokens and private keys.
enum PrivateFile {
    /// Replaces a file by new content in one step, mode 0600; missing folders are made with mode 0700.
    ///
    /// - Parameters:
    ///   - data: The whole new content.
    ///   - path: Where to.
    ///   - replacing: When false, an existing file is left alone and the call fails.
    /// - Throws: `ConsoleFailure` with the path and the system's reason.
    static func write(_ data: Data, to path: String, replacing: Bool = true) throws {
        let folder = (path as NSString).deletingLastPathComponent
        do {
            if !folder.isEmpty {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw failure(folder, error.localizedDescription)
        }
        let target = replacing ? "\(path).\(getpid()).new" : path
        let descriptor = open(target, O_WRONLY | O_CREAT | O_CLOEXEC | (replacing ? O_TRUNC : O_EXCL), 0o600)
        guard descriptor >= 0 else { throw failure(path, String(cString: strerror(errno))) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: data)
            try file.synchronize()
        } catch {
            unlink(target)
            throw failure(path, error.localizedDescription)
        }
        if replacing, rename(target, path) != 0 {
            let reason = String(cString: strerror(errno))
            unlink(target)
            throw failure(path, reason)
        }
    }

    private static func failure(_ path: String, _ reason: String) -> ConsoleFailure {
        ConsoleFailure(.failure, "Cannot write \(path): \(reason).")
    }
}
