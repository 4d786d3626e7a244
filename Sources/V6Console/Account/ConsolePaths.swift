// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Where the console keeps its files: `V6_…_DIR` first, then the XDG places, then the usual folders below `HOME`.
struct ConsolePaths: Sendable, Equatable {
    /// Profiles, themes, keys: what a person writes.
    let configuration: String
    /// Credentials, history, drafts: what the program remembers.
    let state: String
    /// The last lists per profile; may be deleted at any time.
    let cache: String

    init(environment: ConsoleEnvironment) {
        let usual = BaseDirectories(program: "vantage6/console", environment: environment.variables)
        configuration = environment["V6_CONFIG_DIR"] ?? usual.config
        state = environment["V6_STATE_DIR"] ?? usual.state
        cache = environment["V6_CACHE_DIR"] ?? usual.cache
    }

    /// The file with the profiles.
    var configurationFile: String { "\(configuration)/config.yaml" }

    /// What editors know of that file, beside it.
    var schemaFile: String { "\(configuration)/\(ConfigurationSchema.fileName)" }

    /// The file with the person's own keys.
    var keysFile: String { "\(configuration)/keys.yaml" }

    /// The file with the person's own commands.
    var commandsFile: String { "\(configuration)/commands.yaml" }

    /// Site defaults for shared machines, read before the user's own file.
    var siteConfigurationFile: String { "/etc/vantage6/console/config.yaml" }

    /// The file with the stored tokens, readable by its owner only.
    var credentialsFile: String { "\(state)/credentials.json" }
}
