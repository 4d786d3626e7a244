// SPDX-License-Identifier: Apache-2.0

/// Which program shows a web page here.
struct Browser: Hashable, Sendable {
    enum Method: Hashable, Sendable {
        /// A command of the person's choice, which may want the terminal for itself.
        case terminal(String)
        /// The one of their desktop, in a window of its own.
        case desktop(String)
        case none
    }

    let method: Method

    /// `V6_BROWSER`, `BROWSER`, or the desktop's own where there is one.
    init(environment: ConsoleEnvironment) {
        if let command = environment["V6_BROWSER"] ?? environment["BROWSER"] {
            method = .terminal(command)
        } else if environment["WAYLAND_DISPLAY"] != nil || environment["DISPLAY"] != nil {
            method = .desktop("xdg-open")
        } else {
            method = .none
        }
    }

    /// The line for a shell; nil for what is no address of a web page: addresses come from strangers.
    static func line(_ command: String, opening address: String) -> String? {
        guard isAddress(address) else { return nil }
        return "\(command) '\(address)'"
    }

    static func isAddress(_ text: String) -> Bool {
        guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic
                    || "0123456789-._~:/?#[]@!$&()*+,;=%".unicodeScalars.contains(scalar))
        }
    }
}
