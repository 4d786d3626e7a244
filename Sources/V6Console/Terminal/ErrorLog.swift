// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Sends standard error into a file while the screen is up: a library's message would otherwise land between the cells.
final class ErrorLog {
    let path: String
    private let saved: Int32

    /// Nil if the file cannot be opened; then standard error is closed off by `/dev/null`.
    init?(directory: URL) {
        path = directory.appending(path: "console.log").path
        do {
            try FileManager.default.createDirectory(
                at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            return nil
        }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        saved = dup(STDERR_FILENO)
        dup2(file, STDERR_FILENO)
        close(file)
    }

    func restore() {
        dup2(saved, STDERR_FILENO)
        close(saved)
    }
}
