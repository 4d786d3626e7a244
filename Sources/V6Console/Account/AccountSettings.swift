// SPDX-License-Identifier: Apache-2.0

/// Server and account after flags, environment and profile were weighed: flag > environment > profile > default.
struct AccountSettings: Sendable, Equatable {
    /// The profile in use, if any.
    var profile: String?
    /// The server's address as given, such as `https://v6.example.org`; nil when nobody named one.
    var server: String?
    var apiPath: String?
    var username: String?
    /// Path of the private key, PEM.
    var privateKeyFile: String?
    var collaboration: String?
    /// Study that a new task belongs to when none is given.
    var study: String?
    /// Organization that runs a new task when none is given.
    var organization: String?
    var readOnly: Bool

    /// Under which name the tokens of this account are stored: the profile, else the server.
    var credentialName: String? { profile ?? server }

    /// Weighs the sources.
    ///
    /// A server given by flag or environment other than the profile's own drops the profile's user and key: they belong
    /// to another server.
    ///
    /// - Parameters:
    ///   - flags: What the command line says.
    ///   - environment: The `V6_…` variables.
    ///   - configuration: The profiles.
    /// - Throws: `ConsoleFailure` (usage) when a profile is named that does not exist.
    init(flags: AccountFlags, environment: ConsoleEnvironment, configuration: ConsoleConfiguration) throws {
        let explicitServer = flags.server ?? environment["V6_SERVER_URL"]
        let chosen = flags.profile ?? environment["V6_PROFILE"]
        var found: Profile?
        if let chosen {
            found = try configuration.profile(named: chosen)
        } else if explicitServer == nil, let current = configuration.current {
            found = try configuration.profile(named: current)
        }
        if let explicitServer, let profile = found, profile.url != explicitServer { found = nil }

        profile = found?.name
        server = explicitServer ?? found?.url
        apiPath = flags.apiPath ?? environment["V6_API_PATH"] ?? found?.apiPath
        username = flags.username ?? environment["V6_USERNAME"] ?? found?.username
        privateKeyFile =
            flags.privateKey ?? environment["V6_PRIVATE_KEY"]
            ?? found?.privateKey.map { Self.expanded($0, environment) }
        collaboration = flags.collaboration ?? environment["V6_COLLABORATION"] ?? found?.collaboration
        study = environment["V6_STUDY"]
        organization = environment["V6_ORGANIZATION"]
        readOnly = flags.readOnly || environment.isOn("V6_READONLY") || (found?.readOnly ?? false)
    }

    /// A path of a file, where no shell replaced `~`.
    private static func expanded(_ path: String, _ environment: ConsoleEnvironment) -> String {
        guard path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
        return home + path.dropFirst(1)
    }
}
