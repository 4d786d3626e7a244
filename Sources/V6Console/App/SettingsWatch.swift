// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Notices when a file of the settings was changed, by its date.
struct SettingsWatch {
    private let paths: ConsolePaths
    private var dates: [Date?]

    init(paths: ConsolePaths) {
        self.paths = paths
        dates = Self.dates(of: paths)
    }

    /// New settings if a file has changed since the last look.
    mutating func look() -> Message? {
        let now = Self.dates(of: paths)
        guard now != dates else { return nil }
        dates = now
        do { return .settings(try ConsoleSettings.load(from: paths)) } catch {
            return .settingsFault("The settings stay as they were: \(error)")
        }
    }

    private static func dates(of paths: ConsolePaths) -> [Date?] {
        let folder = ThemeFolder(paths: paths)
        let themes = folder.files.map { "\(folder.path)/\($0)" }
        return ([paths.keysFile, paths.commandsFile, paths.configurationFile] + themes).map { path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return attributes?[.modificationDate] as? Date
        }
    }
}
