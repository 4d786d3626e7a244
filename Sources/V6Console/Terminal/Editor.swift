// SPDX-License-Identifier: Apache-2.0

import CNcurses
import Foundation

/// The person's own editor, on a text of ours.
struct Editor {
    let environment: ConsoleEnvironment

    /// The command: `V6_EDITOR`, `VISUAL`, `EDITOR`, or `vi`.
    var command: String {
        environment["V6_EDITOR"] ?? environment["VISUAL"] ?? environment["EDITOR"] ?? "vi"
    }

    /// Has the text edited on the terminal, which must have been lent before.
    ///
    /// - Throws: ``Fault`` when the editor cannot be run or says that it failed.
    func edit(_ text: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "v6-console-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch {
                FileHandle.standardError.write(Data("\(folder.path) could not be removed: \(error)\n".utf8))
            }
        }
        let file = folder.appending(path: "arguments.txt")
        try text.write(to: file, atomically: true, encoding: .utf8)
        let code = v6_run_command("\(command) '\(file.path)'")
        guard code == 0 else {
            throw Fault(kind: .other, message: "\(command) ended with code \(code); the text is as it was.")
        }
        return try String(contentsOf: file, encoding: .utf8)
    }
}
