// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What is known about the three standard streams.
struct TerminalTraits: Sendable, Equatable {
    var inputIsTerminal = false
    var outputIsTerminal = false
    var errorIsTerminal = false
    /// Columns of the terminal, nil when there is none.
    var width: Int?

    /// The traits of this process.
    static func ofProcess(environment: ConsoleEnvironment) -> TerminalTraits {
        var size = winsize()
        let known = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return TerminalTraits(
            inputIsTerminal: isatty(STDIN_FILENO) == 1, outputIsTerminal: isatty(STDOUT_FILENO) == 1,
            errorIsTerminal: isatty(STDERR_FILENO) == 1,
            width: environment["COLUMNS"].flatMap { Int($0) } ?? (known ? Int(size.ws_col) : nil))
    }
}
