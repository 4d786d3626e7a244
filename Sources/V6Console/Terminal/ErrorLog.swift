// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The log beside bookmarks and drafts: the errors that a person saw, and what standard error would have said.
///
/// Standard error is sent into it while the screen is up: a library's message would otherwise land between the cells.
final class ErrorLog {
    /// The size after which it begins anew, bytes, and how many full ones are kept.
    private static let limits = (size: 1 << 20, backups: 2)

    let path: String
    private let file: LogFile
    private let saved: Int32

    /// Nil if the file cannot be opened; then standard error stays where it is.
    init?(directory: URL) {
        path = directory.appending(path: "console.log").path
        do {
            try FileManager.default.createDirectory(
                at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            file = try LogFile(path: path, maximumSize: Self.limits.size, backupCount: Self.limits.backups)
        } catch {
            return nil
        }
        saved = dup(STDERR_FILENO)
        file.duplicate(onto: STDERR_FILENO)
    }

    /// Appends a line.
    func write(_ line: String) {
        file.write(line)
        // The line may have begun a new file.
        file.duplicate(onto: STDERR_FILENO)
    }

    func restore() {
        dup2(saved, STDERR_FILENO)
        close(saved)
    }
}
