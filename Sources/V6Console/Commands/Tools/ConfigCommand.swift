// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import V6Kit

/// `config path`.
struct ConfigPath: FormattedCommand {
    static let configuration = CommandConfiguration(
        commandName: "path", abstract: "Say where the program keeps its files.",
        discussion: .help(examples: "config path"))

    @OptionGroup var output: OutputOptions

    private static let columns: [RecordColumn] = [.member("what"), .member("path"), .member("holds")]

    func run(in console: ScriptConsole) async throws {
        let settings = try OutputSettings(output, console: console)
        let paths = console.paths
        let records: [JSONValue] = [
            ["what": "configuration", "path": .string(paths.configurationFile), "holds": "profiles"],
            ["what": "site", "path": .string(paths.siteConfigurationFile), "holds": "profiles of this machine"],
            ["what": "credentials", "path": .string(paths.credentialsFile), "holds": "tokens, for you only"],
            ["what": "state", "path": .string(paths.state), "holds": "history, bookmarks, log"],
            ["what": "cache", "path": .string(paths.cache), "holds": "names for completion"],
        ]
        let printer = settings.printer(noun: "path", columns: Self.columns, console: console)
        try console.output.put(printer.list(records))
    }
}

/// `config`.
struct ConfigCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Find the program's files, and change settings.",
        subcommands: [ConfigPath.self, ConfigGet.self, ConfigSet.self, ConfigSchema.self])
}

/// `config schema`.
struct ConfigSchema: ScriptCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of config.yaml, for editors.",
        discussion: .help(examples: "config schema > config.schema.json"))

    func run(in console: ScriptConsole) async throws { try console.output.put(ConfigurationSchema.text) }
}
