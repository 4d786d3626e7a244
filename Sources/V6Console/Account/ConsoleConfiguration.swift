// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The profiles of `config.yaml`, site file first, the user's own over it.
struct ConsoleConfiguration: Sendable, Equatable {
    /// The profile used when none is named.
    var current: String?
    var profiles: [Profile]

    /// The profile of that name.
    ///
    /// - Throws: `ConsoleFailure` (not found) that lists the profiles there are.
    func profile(named name: String) throws -> Profile {
        if let profile = profiles.first(where: { $0.name == name }) { return profile }
        throw ConsoleFailure.unknown("profile", name, known: profiles.map(\.name), advice: "Add it with profile add.")
    }

    /// Reads the site's and the user's file; a file that does not exist counts as empty.
    ///
    /// - Throws: `ConfigurationError` with file, line and key of every fault.
    static func load(from paths: ConsolePaths) throws -> ConsoleConfiguration {
        var result = ConsoleConfiguration()
        for path in [paths.siteConfigurationFile, paths.configurationFile]
        where FileManager.default.fileExists(atPath: path) {
            let text = try PlainFile.text(at: path, as: "the configuration")
            result.merge(try ConsoleConfiguration(text: text, name: path))
        }
        return result
    }

    /// The profiles in one file's text; a text with nothing but comments holds none.
    init(text: String, name: String) throws {
        let isBlank = text.split(whereSeparator: \.isNewline).allSatisfy { line in
            line.first { !$0.isWhitespace }.map { $0 == "#" } ?? true
        }
        guard !isBlank else {
            self.init()
            return
        }
        try self.init(reading: ConfigurationReader(text: text, name: name))
    }

    init(current: String? = nil, profiles: [Profile] = []) {
        self.current = current
        self.profiles = profiles
    }

    private init(reading reader: ConfigurationReader) throws {
        self.init()
        current = reader.string("current")
        if let section = reader.section("profiles") {
            for name in section.keys {
                guard let entry = section.section(name) else { continue }
                let url = entry.string("url", required: true)
                profiles.append(
                    Profile(
                        name: name, url: url ?? "", apiPath: entry.string("api_path"), username: entry.string("user"),
                        privateKey: entry.string("private_key"), collaboration: entry.string("collaboration"),
                        readOnly: entry.bool("readonly") ?? false))
                entry.warnUnknown(known: ["url", "api_path", "user", "private_key", "collaboration", "readonly"])
            }
        }
        try reader.finish()
    }

    private mutating func merge(_ other: ConsoleConfiguration) {
        current = other.current ?? current
        for profile in other.profiles {
            profiles.removeAll { $0.name == profile.name }
            profiles.append(profile)
        }
    }
}
