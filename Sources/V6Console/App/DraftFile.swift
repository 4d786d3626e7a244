// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The drafts of tasks on disk, readable by their owner only: arguments may tell of patients.
struct DraftFile: Sendable {
    /// What stands in the composer.
    let path: String
    /// What was put aside for it.
    let asidePath: String

    init(paths: ConsolePaths) {
        path = paths.state + "/drafts/task.json"
        asidePath = paths.state + "/drafts/aside.json"
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

    /// The drafts put aside, newest first; a file that cannot be read counts as none.
    func readAside() -> [KeptDraft] {
        guard let data = FileManager.default.contents(atPath: asidePath) else { return [] }
        return (try? JSONDecoder().decode([KeptDraft].self, from: data)) ?? []
    }

    /// Replaces the drafts put aside.
    func writeAside(_ drafts: [KeptDraft]) throws {
        try PrivateFile.write(JSONEncoder().encode(drafts), to: asidePath)
    }
}
