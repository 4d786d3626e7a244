// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Themes that a person wrote: `themes/NAME.yaml` beside `config.yaml`, each on top of one of ours.
///
/// ```yaml
/// base: light
/// good: green bold
/// selected: white on 24
/// ```
struct ThemeFolder: Sendable {
    let path: String

    init(paths: ConsolePaths) {
        path = paths.configuration + "/themes"
    }

    /// The person's themes by name.
    ///
    /// - Throws: `ConfigurationError` with file, line and key of every fault.
    func all() throws -> [Theme] {
        try files.map { file in
            try Self.theme(
                PlainFile.text(at: "\(path)/\(file)", as: "the theme"), name: String(file.dropLast(5)),
                file: "\(path)/\(file)")
        }
    }

    /// The names of the files; none where there is no such folder.
    var files: [String] {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return found.filter { $0.hasSuffix(".yaml") }.sorted()
    }

    /// Reads a theme's text.
    static func theme(_ text: String, name: String, file: String) throws -> Theme {
        let reader = try ConfigurationReader(text: text, name: file)
        let base = reader.choice("base", of: Theme.all.map(\.name)).flatMap(Theme.named) ?? .standard
        var styles: [TextRole: Style] = [:]
        for key in reader.keys where key != "base" {
            guard let role = TextRole.allCases.first(where: { "\($0)" == key }) else {
                reader.fault(key, "a part of the screen: \(TextRole.allCases.map { "\($0)" }.joined(separator: ", "))")
                continue
            }
            guard let words = reader.string(key) else { continue }
            if let style = Style(words: words) {
                styles[role] = style
            } else {
                reader.fault(key, "colours and attributes, such as: red, white on 24, green bold, reverse")
            }
        }
        try reader.finish()
        return Theme(name: name, base: base, styles)
    }
}

extension Style {
    /// Reads `red`, `white on 24`, `green bold underline`, `reverse`; nil if a word says nothing.
    init?(words text: String) {
        let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
        func colour(_ word: String) -> Colour? {
            if word == "standard" { return .standard }
            if let index = names.firstIndex(of: word) { return .palette(index) }
            return Int(word).flatMap { (0...255).contains($0) ? .palette($0) : nil }
        }
        self.init()
        var isGround = false
        for word in text.lowercased().split(separator: " ").map(String.init) {
            switch word {
            case "on": isGround = true
            case "bold": attributes.insert(.bold)
            case "dim": attributes.insert(.dim)
            case "underline": attributes.insert(.underline)
            case "reverse": attributes.insert(.reverse)
            default:
                guard let colour = colour(word) else { return nil }
                if isGround { background = colour } else { foreground = colour }
                isGround = false
            }
        }
    }
}
