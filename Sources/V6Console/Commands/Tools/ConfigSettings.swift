// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `config get`.
struct ConfigGet: FormattedCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print a setting, or all.",
        discussion: .help(examples: "config get", "config get display.theme"))

    @Argument(help: ArgumentHelp("display.theme, display.mouse or display.ascii.", valueName: "setting"))
    var setting: DisplaySetting?

    @OptionGroup var output: OutputOptions

    func run(in console: ScriptConsole) async throws {
        let settings = try ConsoleSettings.load(from: console.paths)
        if let setting {
            try console.output.line(setting.value(in: settings) ?? "")
            return
        }
        let printer = try OutputSettings(output, console: console)
            .printer(noun: "setting", columns: [.member("setting"), .member("value")], console: console)
        let records = DisplaySetting.allCases.map { one -> JSONValue in
            ["setting": .string(one.rawValue), "value": JSONValue(one.value(in: settings))]
        }
        try console.output.put(printer.list(records))
    }
}

/// `config set`.
struct ConfigSet: ScriptCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change a setting; an open console takes it over at once.",
        discussion: .help(examples: "config set display.theme light"))

    @Argument(help: ArgumentHelp("display.theme, display.mouse or display.ascii.", valueName: "setting"))
    var setting: DisplaySetting

    @Argument(help: "The new value.")
    var value: String

    func run(in console: ScriptConsole) async throws {
        try ProfileCommands.edit(console) { text in
            text.set(setting.key, in: "display", to: value)
            var settings = ConsoleSettings()
            // What is written must be a setting that the console takes.
            try settings.readDisplay(text.text, name: console.paths.configurationFile)
        }
        try console.talk.line("\(setting.rawValue) is \(value).")
    }
}
