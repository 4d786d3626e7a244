// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Files that only the operator may read.
enum PrivateFile {
    /// Makes a file with mode 0600.
    ///
    /// - Throws: ``StartError`` when it is there already or cannot be written.
    static func create(_ path: String, _ text: String) throws {
        try Folder.make(of: path)
        // In one step, so that nobody can put a file or a link there in between.
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else {
            let reason = errno == EEXIST ? "it is there already" : String(cString: strerror(errno))
            throw StartError("cannot write \(path): \(reason)")
        }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        do { try handle.write(contentsOf: Data(text.utf8)) } catch {
            throw StartError("cannot write \(path): \(error.localizedDescription)")
        }
    }
}
