// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The file `credentials.json`: one entry a profile or server, mode 0600, in a folder of mode 0700.
struct CredentialStore: Sendable {
    let path: String

    /// The stored tokens under that name, nil when there are none.
    func credentials(for name: String) throws -> Credentials? {
        try load()[name]
    }

    /// When the tokens under each name were issued.
    func issued() throws -> [String: Timestamp] {
        try load().compactMapValues { stored in
            TokenClaims(decoding: stored.accessToken)?.json["iat"]?.doubleValue.map {
                Timestamp(Date(timeIntervalSince1970: $0))
            }
        }
    }

    /// Stores tokens under a name.
    func save(_ credentials: Credentials, for name: String) throws {
        var all = try load()
        all[name] = credentials
        try store(all)
    }

    /// Forgets the tokens under a name and says whether there were any.
    func remove(_ name: String) throws -> Bool {
        var all = try load()
        guard all.removeValue(forKey: name) != nil else { return false }
        try store(all)
        return true
    }

    private func load() throws -> [String: Credentials] {
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        do {
            return try JSONDecoder().decode([String: Credentials].self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            throw ConsoleFailure(
                .failure, "The stored credentials in \(path) cannot be read: \(error.localizedDescription).",
                advice: "Delete the file and sign in again.")
        }
    }

    /// Writes beside the file and renames, so that a reader never meets half a file and the mode is right from the start.
    private func store(_ all: [String: Credentials]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try PrivateFile.write(encoder.encode(all), to: path)
    }
}
