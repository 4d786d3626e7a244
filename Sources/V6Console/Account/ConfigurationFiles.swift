// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The texts of `config.yaml`, the site's and the user's own, read once for all that they hold.
struct ConfigurationFiles: Sendable, Equatable {
    struct File: Sendable, Equatable {
        var path: String
        var text: String
    }

    /// The site's first, so that the user's own has the last word; those that do not exist are left out, as are those that hold
    /// nothing but comments.
    let files: [File]

    init(reading paths: ConsolePaths) throws {
        files = try [paths.siteConfigurationFile, paths.configurationFile].compactMap { path in
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            let text = try PlainFile.text(at: path, as: "the configuration")
            return Self.isBlank(text) ? nil : File(path: path, text: text)
        }
    }

    /// Whether a text has nothing but comments.
    static func isBlank(_ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).allSatisfy { line in
            line.first { !$0.isWhitespace }.map { $0 == "#" } ?? true
        }
    }
}
