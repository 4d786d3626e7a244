// SPDX-License-Identifier: Apache-2.0

import V6Kit

extension App {
    /// Saves what the view shows; the ending of the file says in which form.
    ///
    /// Without a name it gets the usual one of the view, or the next that is free.
    mutating func write(to path: String) -> [Effect] {
        guard let export = model.top.export(in: model.world) else {
            say(.bad("There is nothing to save in this view; :write-screen saves the screen"))
            return []
        }
        let usual = "\(export.name).\(export.ending)"
        let ending = (path.isEmpty ? usual : path).split(separator: ".").last.map { $0.lowercased() } ?? ""
        return [save(export, ending, path: path, usual: usual)]
    }

    /// Saves the screen as it is, for a report of what somebody sees.
    mutating func writeScreen(to path: String) -> [Effect] {
        let surface = view()
        let lines = (0..<surface.size.rows).map(surface.line)
        return [save(Export("screen", lines: lines), "txt", path: path, usual: "screen.txt")]
    }

    private func save(_ export: Export, _ ending: String, path: String, usual: String) -> Effect {
        .save(export, ending: ending, path: path.isEmpty ? usual : path, mayRename: path.isEmpty)
    }

    /// `:set OPTION VALUE`.
    mutating func set(_ text: String) -> [Effect] {
        let parts = text.split { $0 == " " || $0 == "=" }.map(String.init)
        guard let option = parts.first else {
            model.palette = settingsPalette
            return []
        }
        let value = parts.count > 1 ? parts[1] : "on"
        switch option {
        case "theme", "mouse", "readonly": return execute("\(option) \(value)")
        case "ascii":
            model.world.glyphs = value == "off" ? .unicode : .ascii
            return []
        default:
            say(.bad("There is no option \(option): mouse, theme, ascii, readonly"))
            return []
        }
    }

    /// Every option with its values.
    private var settingsPalette: Palette {
        func entry(_ title: String, isUsed: Bool = false) -> Palette.Entry {
            Palette.Entry(title: title, kind: isUsed ? "in use" : "set", key: "", target: .command("set \(title)"))
        }
        let used = [
            model.world.glyphs == .ascii ? "ascii on" : "ascii off",
            model.world.isReadOnly ? "readonly on" : "readonly off",
        ]
        return Palette(
            title: "Settings until you leave; config set keeps them",
            entries: themes.map { entry("theme \($0.name)", isUsed: $0.name == model.theme.name) }
                + ConsoleCommand.switches.map { entry($0, isUsed: used.contains($0)) })
    }

    mutating func offer(profiles: [String], current: String?) {
        guard !profiles.isEmpty else {
            say(.bad("There are no profiles yet: v6-console profile add NAME --server URL makes one"))
            return
        }
        let entries = profiles.map { name in
            Palette.Entry(
                title: name, kind: name == current ? "in use" : "profile", key: "", target: .command("profile \(name)"))
        }
        model.palette = Palette(title: "Profiles", entries: entries)
    }

    /// Leaves for another profile, or offers those there are.
    mutating func chooseProfile(_ name: String) -> [Effect] {
        name.isEmpty ? [.listProfiles] : [.useProfile(name)]
    }
}
