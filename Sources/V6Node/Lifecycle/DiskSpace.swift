// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The room on the disk that holds a folder, in bytes.
struct DiskSpace: Sendable, Hashable {
    let total: Int
    /// What a user without privileges can still fill.
    let free: Int

    init(total: Int, free: Int) {
        self.total = total
        self.free = free
    }

    /// Looks at the disk of a folder.
    /// - Throws: ``NodeError`` when the folder cannot be looked at.
    init(at folder: String) throws {
        var information = statvfs()
        guard statvfs(folder, &information) == 0 else {
            throw NodeError(
                .configuration, "the disk of \(folder) cannot be looked at: \(String(cString: strerror(errno)))")
        }
        let block = Int(information.f_frsize)
        total = Int(information.f_blocks) * block
        free = Int(information.f_bavail) * block
    }

    /// Looks at the disks of several folders, and gives the fullest; those that are not there do not count.
    /// - Throws: ``NodeError`` when none can be looked at.
    init(leastOf folders: [String]) throws {
        let spaces = folders.filter(FileManager.default.fileExists(atPath:)).compactMap { try? DiskSpace(at: $0) }
        guard let least = spaces.min(by: { $0.free < $1.free }) else {
            throw NodeError(.configuration, "no disk of \(folders.joined(separator: ", ")) can be looked at")
        }
        self = least
    }

    /// The bytes of all files below a folder; 0 when it is not there.
    static func used(by folder: String) -> Int {
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return files.reduce(0) { sum, name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
            return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }
}
