// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The places where programs keep their files, by the XDG base directory specification.
public struct BaseDirectories: Sendable {
    /// What is written by people.
    public let config: String
    /// What should outlive a restart.
    public let state: String
    /// Data of the program.
    public let data: String
    /// What can be made anew at any time.
    public let cache: String

    /// The folders of one program; relative values in the environment are ignored, as the specification demands.
    /// - Parameters:
    ///   - program: the name of the folder below each base, such as `vantage6/console`.
    ///   - environment: the environment of the process.
    public init(program: String, environment: [String: String]) {
        let home = environment["HOME"] ?? NSHomeDirectory()
        func place(_ variable: String, _ fallback: String) -> String {
            let value = environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
            return "\(value ?? "\(home)/\(fallback)")/\(program)"
        }
        config = place("XDG_CONFIG_HOME", ".config")
        state = place("XDG_STATE_HOME", ".local/state")
        data = place("XDG_DATA_HOME", ".local/share")
        cache = place("XDG_CACHE_HOME", ".cache")
    }
}
