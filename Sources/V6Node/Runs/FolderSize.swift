// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a folder takes on the disk.
enum FolderSize {
    /// The bytes of everything below a folder, or the first count above `limit`.
    ///
    /// Each entry counts at least one block, so that a flood of empty files is seen as well; holes count nothing. Links are
    /// not followed.
    static func bytes(of folder: String, upTo limit: Int) -> Int {
        var sum = 0
        var folders = [folder]
        while let path = folders.popLast(), sum <= limit {
            guard let listing = opendir(path) else { continue }
            defer { closedir(listing) }
            while sum <= limit, let entry = readdir(listing) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                var status = stat()
                guard name != ".", name != "..", lstat("\(path)/\(name)", &status) == 0 else { continue }
                sum += max(4096, Int(status.st_blocks) * 512)
                if status.st_mode & S_IFMT == S_IFDIR { folders.append("\(path)/\(name)") }
            }
        }
        return sum
    }
}
