// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file that a person saves from the screen; one that is there is never written over.
///
/// It gets its name when all of it is on the disk: whatever happens before, there is no half of a file.
enum NewFile {
    /// How many names are tried: `tasks.csv`, `tasks-2.csv`, and so on.
    private static let names = 1_000
    /// How much is written before somebody is asked whether it still is to be.
    private static let piece = 4 << 20

    /// Writes the bytes; returns the path.
    ///
    /// - Throws: `Fault` where the name is taken and may not be changed, or the folder takes no file; `CancellationError`.
    static func write(_ data: Data, path: String, mayRename: Bool) throws -> String {
        let path = NSString(string: path).expandingTildeInPath
        let draft = "\(path).\(getpid()).part"
        defer { unlink(draft) }
        try fill(draft, data, for: path)
        for number in 1...(mayRename ? names : 1) {
            let name = number == 1 ? path : numbered(path, number)
            if link(draft, name) == 0 { return name }
            let code = errno
            // Some file systems have no second name for a file.
            if code == EPERM || code == ENOTSUP, !FileManager.default.fileExists(atPath: name),
                rename(draft, name) == 0
            {
                return name
            }
            if code != EEXIST, !FileManager.default.fileExists(atPath: name) { throw fault(name, code) }
        }
        throw Fault(kind: .rejected, message: "\(path) is there already and was left as it is.")
    }

    private static func fill(_ draft: String, _ data: Data, for path: String) throws {
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw fault(path, errno) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var rest = data[...]
        do {
            while !rest.isEmpty {
                try Task.checkCancellation()
                try file.write(contentsOf: rest.prefix(piece))
                rest = rest.dropFirst(piece)
            }
            try file.synchronize()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Fault(kind: .other, message: "\(path) cannot be written: \(error.localizedDescription)")
        }
    }

    private static func fault(_ path: String, _ code: Int32) -> Fault {
        Fault(kind: .other, message: "\(path) cannot be written: \(String(cString: strerror(code)))")
    }

    private static func numbered(_ path: String, _ number: Int) -> String {
        let ending = NSString(string: path).pathExtension
        let stem = NSString(string: path).deletingPathExtension
        return "\(stem)-\(number)" + (ending.isEmpty ? "" : "." + ending)
    }
}
