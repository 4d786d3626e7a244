// SPDX-License-Identifier: Apache-2.0

/// The environment variables the program was started with, as a plain value.
struct ConsoleEnvironment: Sendable {
    let variables: [String: String]

    /// The value of a variable; an empty one counts as absent, as in a shell's `${NAME:-}`.
    subscript(_ name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    /// Whether a switch such as `V6_READONLY` is on: set, and not to one of the words for "no".
    func isOn(_ name: String) -> Bool {
        guard let value = self[name]?.lowercased() else { return false }
        return !["0", "no", "false", "off"].contains(value)
    }
}
