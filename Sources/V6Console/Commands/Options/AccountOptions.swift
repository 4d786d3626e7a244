// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Flags every command has that talks to a server.
struct AccountOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Profile to use.", valueName: "name"), completion: .values(of: .profile))
    var profile: String?

    @Option(help: ArgumentHelp("Server address.", valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp("Path of the server's API.", valueName: "path"))
    var apiPath: String?

    @Option(help: ArgumentHelp("User name.", valueName: "name"))
    var username: String?

    @Option(help: ArgumentHelp("File with the organization's private key.", valueName: "file"), completion: .file())
    var privateKey: String?

    @Flag(help: "Play the recording that comes with the program, without a server.")
    var demo = false

    @Option(help: ArgumentHelp("Play a recording, without a server.", valueName: "file"), completion: .file())
    var replay: String?

    @Option(
        help: ArgumentHelp("Record what the server answers and tells, to be played.", valueName: "file"),
        completion: .file())
    var record: String?

    @Flag(help: "Refuse every write.")
    var readOnly = false

    @Option(help: "Tell each request on standard error, without what is secret (V6_DEBUG).")
    var debug: DebugTopic?

    @Flag(name: .shortAndLong, help: "Say nothing but data and errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "The same as --debug api.")
    var verbose = false

    @Flag(help: "Never ask, also at a terminal.")
    var noInput = false

    /// These flags as a plain value, with the flag `--collaboration` of commands that have one.
    func flags(collaboration: String? = nil) -> AccountFlags {
        AccountFlags(
            profile: profile, server: server, apiPath: apiPath, username: username, privateKey: privateKey,
            collaboration: collaboration, readOnly: readOnly)
    }
}

/// What can be told besides the result.
enum DebugTopic: String, ExpressibleByArgument, CaseIterable, Sendable { case api }
