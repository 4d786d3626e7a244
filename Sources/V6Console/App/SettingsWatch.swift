// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Notices when a file of the settings was changed: is woken by its folder, and tells by its date.
struct SettingsWatch {
    private let paths: ConsolePaths
    private var dates: [Date?]
    private let folders: FolderWatch

    init(paths: ConsolePaths) {
        self.paths = paths
        dates = Self.dates(of: paths)
        let site = URL(filePath: paths.siteConfigurationFile).deletingLastPathComponent().path
        folders = FolderWatch([paths.configuration, ThemeFolder(paths: paths).path, site])
    }

    /// What to `poll` besides the terminal.
    var descriptor: Int32 { folders.descriptor }
    /// Whether the descriptor tells of every change; where not, only looking does.
    var isWatching: Bool { folders.isWatching }

    /// New settings if a file has changed since the last look.
    mutating func look() -> Message? {
        folders.drain()
        let now = Self.dates(of: paths)
        guard now != dates else { return nil }
        dates = now
        do { return .settings(try ConsoleSettings.load(from: paths)) } catch {
            let reason = "\(error)".replacing("\(paths.configuration)/", with: "")
            return .settingsFault("Settings unchanged: \(reason)")
        }
    }

    private static func dates(of paths: ConsolePaths) -> [Date?] {
        let folder = ThemeFolder(paths: paths)
        let themes = folder.files.map { "\(folder.path)/\($0)" }
        let files = [paths.keysFile, paths.commandsFile, paths.configurationFile, paths.siteConfigurationFile]
        return (files + themes).map { path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return attributes?[.modificationDate] as? Date
        }
    }
}
