// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The person's editor, for a text that is easier changed than described by flags.
enum TextEditor {
    /// Opens the text in `V6_EDITOR`, `VISUAL` or `EDITOR` and returns what was saved.
    ///
    /// - Parameters:
    ///   - text: The text to begin with.
    ///   - suffix: The ending of the temporary file's name, by which editors know the language.
    ///   - environment: Names the editor.
    /// - Returns: The text as it was saved.
    /// - Throws: `ConsoleFailure` (cancelled) when the editor fails.
    static func edit(_ text: String, suffix: String, environment: ConsoleEnvironment) throws -> String {
        let names = ["V6_EDITOR", "VISUAL", "EDITOR"]
        let command = names.compactMap { environment[$0] }.first ?? "vi"
        let file = FileManager.default.temporaryDirectory.appending(path: "v6-\(UUID().uuidString)\(suffix)")
        try PrivateFile.write(Data(text.utf8), to: file.path, replacing: false)
        defer { unlink(file.path) }
        let editor = Process()
        // Through a shell, because the variable may hold arguments; the path is an argument of its own, never code.
        editor.executableURL = URL(filePath: "/bin/sh")
        editor.arguments = ["-c", "\(command) \"$1\"", "sh", file.path]
        do {
            try editor.run()
        } catch {
            throw ConsoleFailure(.failure, "The editor \(command) cannot be started.", advice: "Set V6_EDITOR.")
        }
        editor.waitUntilExit()
        guard editor.terminationStatus == 0 else {
            throw ConsoleFailure(.cancelled, "\(command) ended with \(editor.terminationStatus); nothing was done.")
        }
        return try PlainFile.text(at: file.path, as: "the edited file")
    }
}
