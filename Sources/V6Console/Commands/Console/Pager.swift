// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// The person's pager, fed with what a command prints.
struct Pager {
    private let stream: UnsafeMutablePointer<FILE>

    /// The command: `V6_PAGER`, `PAGER`, or `less`.
    static func command(_ environment: ConsoleEnvironment) -> String {
        environment["V6_PAGER"] ?? environment["PAGER"] ?? "less"
    }

    /// Starts the pager; nil when there is no shell to start it with.
    init?(environment: ConsoleEnvironment) {
        // Colours as they are, and no pager for what fits the screen: git's habit.
        setenv("LESS", "FRX", 0)
        // In the foreground of the terminal, where Foundation's processes are not.
        guard let stream = popen(Self.command(environment), "w") else { return nil }
        self.stream = stream
    }

    /// What is written here is paged through.
    var sink: TextSink { .descriptor(fileno(stream)) }

    /// Waits until the person has read.
    func finish() { pclose(stream) }
}
