// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What the section `display` of `config.yaml` may say, and `config get` and `config set` know.
enum DisplaySetting: String, ExpressibleByArgument, CaseIterable, Sendable {
    case theme = "display.theme"
    case mouse = "display.mouse"
    case ascii = "display.ascii"

    /// Its name in the section.
    var key: String { String(rawValue.dropFirst("display.".count)) }

    var summary: String {
        switch self {
        case .theme: "The colours: \(Theme.all.map(\.name).joined(separator: ", ")), or a file of yours in themes."
        case .mouse: "Listen to the mouse; hold shift to select text then."
        case .ascii: "Draw with ASCII signs only."
        }
    }

    var isFlag: Bool { self != .theme }

    func value(in settings: ConsoleSettings) -> String? {
        switch self {
        case .theme: settings.theme
        case .mouse: settings.usesMouse.map(String.init)
        case .ascii: settings.isASCII.map(String.init)
        }
    }
}
