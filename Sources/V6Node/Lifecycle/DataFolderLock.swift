// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Keeps a second node off the same data folder: two of them would run everything twice.
struct DataFolderLock: Sendable {
    private let descriptor: Int32

    /// Makes the folder and takes the lock.
    /// - Throws: ``NodeError`` when another process holds it.
    init(folder: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw NodeError(.configuration, "the data folder \(folder) cannot be made: \(error.localizedDescription)")
        }
        // The longest socket path below the folder must fit the 107 bytes that the kernel allows.
        let longest = RelayPool.folder(folder, RelayPool.newID()) + "/12345678"
        guard longest.utf8.count <= 107 else {
            throw NodeError(
                .configuration,
                "the path of the data folder \(folder) is too long for Unix sockets; name a shorter one in directories.data"
            )
        }
        descriptor = open("\(folder)/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw NodeError(
                .unavailable, "another v6-node already uses the data folder \(folder); stop it, or name another folder")
        }
    }

    func release() { close(descriptor) }
}
