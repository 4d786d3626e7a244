// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// What a person changed about keys, commands and looks: `keys.yaml`, `commands.yaml`, and what of
/// `config.yaml` is not for the script side alone.
struct ConsoleSettings: Sendable {
    var keyMap = KeyMap()
    var theme: String?
    /// The person's own themes.
    var themes: [Theme] = []
    /// The person's own commands.
    var commands: [UserCommand] = []
    /// The profiles of `config.yaml`, to sign in with.
    var profiles: [Profile] = []
    var usesMouse: Bool?
    var isASCII: Bool?

    /// Reads the files; one that does not exist changes nothing.
    ///
    /// - Parameters:
    ///   - paths: Where they are.
    ///   - files: The texts of `config.yaml`, where they were read already.
    /// - Returns: What they say.
    /// - Throws: `ConfigurationError` with file, line and key of every fault.
    static func load(from paths: ConsolePaths, _ files: ConfigurationFiles? = nil) throws -> ConsoleSettings {
        let files = try files ?? ConfigurationFiles(reading: paths)
        var settings = ConsoleSettings()
        let keys = paths.keysFile
        if let text = try text(at: keys) { try settings.readKeys(text, name: keys) }
        let commands = paths.commandsFile
        if let text = try text(at: commands) { settings.commands = try UserCommand.read(text, name: commands) }
        settings.profiles = try ConsoleConfiguration(files).profiles
        settings.themes = try ThemeFolder(paths: paths).all()
        for file in files.files { try settings.readDisplay(file.text, name: file.path) }
        return settings
    }

    /// Reads a text such as `task: {kill: X, rerun: none}`: context, action, key or list of keys.
    mutating func readKeys(_ text: String, name: String) throws {
        let reader = try ConfigurationReader(text: text, name: name)
        for title in reader.keys {
            guard let context = KeyContext(rawValue: title) else {
                reader.fault(
                    title, "a part of the key table: \(KeyContext.allCases.map(\.rawValue).joined(separator: ", "))")
                continue
            }
            guard let section = reader.section(title) else { continue }
            for word in section.keys {
                let names = section.strings(word) ?? []
                let keys = names == ["none"] ? [] : names.compactMap { Key(name: $0) }
                guard let action = Action(rawValue: word) else {
                    section.fault(word, "no action has this name; docs/keys.md and ? list them")
                    continue
                }
                if keys.count != names.count, names != ["none"] {
                    section.fault(word, "keys such as x, ctrl-x, f5, enter, or none")
                } else if !keyMap.rebind(action, in: context, to: keys) {
                    section.fault(word, "an action that has a key in \(title)")
                }
            }
        }
        try reader.finish()
    }

    /// Reads the section `display`.
    mutating func readDisplay(_ text: String, name: String) throws {
        let reader = try ConfigurationReader(text: text, name: name)
        guard let display = reader.section("display") else { return }
        theme = display.choice(DisplaySetting.theme.key, of: (themes + Theme.all).map(\.name)) ?? theme
        usesMouse = display.bool(DisplaySetting.mouse.key) ?? usesMouse
        isASCII = display.bool(DisplaySetting.ascii.key) ?? isASCII
        display.warnUnknown(known: DisplaySetting.allCases.map(\.key))
        try reader.finish()
    }

    /// The text of a file; nil if there is none, or nothing in it but comments.
    private static func text(at path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let text = try PlainFile.text(at: path, as: "the settings")
        return ConfigurationFiles.isBlank(text) ? nil : text
    }
}
