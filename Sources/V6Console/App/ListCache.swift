// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The last lists of each account on disk, readable by its owner only; may be deleted at any time.
struct ListCache: Sendable {
    private let folder: String

    init(paths: ConsolePaths) { folder = paths.cache + "/lists" }

    /// What the account's last session left; a file that is not there or cannot be read counts as none.
    func lists(of identity: Identity) -> RememberedLists? {
        guard let path = path(for: identity), let data = FileManager.default.contents(atPath: path) else { return nil }
        return try? JSONDecoder().decode(RememberedLists.self, from: data)
    }

    /// Keeps lists for the next start.
    func keep(_ lists: RememberedLists, of identity: Identity) throws {
        guard let path = path(for: identity) else { return }
        try PrivateFile.write(JSONEncoder().encode(lists), to: path)
    }

    /// One file an account: server and user decide what may be seen.
    ///
    /// Nil where nobody knows whose lists they are.
    private func path(for identity: Identity) -> String? {
        guard !identity.username.isEmpty, !identity.isAtNode, !identity.isRecorded else { return nil }
        let name = "\(identity.server)_\(identity.username)".map { character in
            character.isASCII && (character.isLetter || character.isNumber || character == ".") ? character : "_"
        }
        return "\(folder)/\(String(name.suffix(200))).json"
    }
}
