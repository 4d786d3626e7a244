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
        try ConsoleConfiguration(ConfigurationFiles(reading: paths))
    }

    init(_ files: ConfigurationFiles) throws {
        self.init()
        for file in files.files { merge(try ConsoleConfiguration(text: file.text, name: file.path)) }
    }

    /// The profiles in one file's text; a text with nothing but comments holds none.
    init(text: String, name: String) throws {
        guard !ConfigurationFiles.isBlank(text) else {
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
                func text(_ setting: ProfileSetting) -> String? { entry.string(setting.rawValue) }
                let colour = text(.colour)
                if let colour, Style(words: colour) == nil {
                    entry.fault(
                        ProfileSetting.colour.rawValue, "colours and attributes, such as: red, white on 24, bold")
                }
                let url = entry.string(ProfileSetting.url.rawValue, required: true)
                profiles.append(
                    Profile(
                        name: name, url: url ?? "", apiPath: text(.apiPath), username: text(.user),
                        privateKey: text(.privateKey), collaboration: text(.collaboration),
                        readOnly: entry.bool(ProfileSetting.readOnly.rawValue) ?? false, colour: colour))
                entry.warnUnknown(known: ProfileSetting.allCases.map(\.rawValue))
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
