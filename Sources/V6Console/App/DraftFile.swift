// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The draft of a task on disk, readable by its owner only: arguments may tell of patients.
struct DraftFile: Sendable {
    let path: String

    init(paths: ConsolePaths) {
        path = paths.state + "/drafts/task.json"
    }

    /// The kept draft; a file that cannot be read counts as none.
    func read() -> ComposerDraft? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        return try? JSONDecoder().decode(ComposerDraft.self, from: data)
    }

    /// Keeps a draft, or removes it.
    func write(_ draft: ComposerDraft?) throws {
        guard let draft else {
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            return
        }
        try PrivateFile.write(JSONEncoder().encode(draft), to: path)
    }
}
