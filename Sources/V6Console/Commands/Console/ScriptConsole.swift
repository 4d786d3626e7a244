// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// Everything a command needs from the outside world, so that a test can be that world.
struct ScriptConsole: Sendable {
    var environment: ConsoleEnvironment
    var terminal: TerminalTraits
    /// Standard output: data only.
    var output: TextSink
    /// Standard error: talk, progress, errors.
    var talk: TextSink
    /// All of standard input, for `--input -`, `-f -` and `--password-stdin`.
    var readInput: @Sendable () throws -> Data
    /// How to ask the person; used only when there is a terminal and prompting is allowed.
    var prompter: Prompter
    /// Makes the transport once the certificate file is known.
    var transport: @Sendable (_ certificates: String?) -> any HTTPTransport
    /// The wall clock.
    var now: @Sendable () -> Timestamp
    /// Waits; tests return at once.
    var sleep: @Sendable (Duration) async throws -> Void

    /// The console of this process.
    static func ofProcess() -> ScriptConsole {
        let environment = ConsoleEnvironment(variables: ProcessInfo.processInfo.environment)
        return ScriptConsole(
            environment: environment, terminal: .ofProcess(environment: environment),
            output: .descriptor(STDOUT_FILENO), talk: .descriptor(STDERR_FILENO),
            readInput: { try FileHandle.standardInput.readToEnd() ?? Data() }, prompter: .terminal,
            transport: { certificates in
                CurlTransport(
                    configuration: .init(caFile: certificates, userAgent: "v6-console/\(ConsoleVersion.text)"))
            },
            now: { Timestamp.now() }, sleep: { try await Task.sleep(for: $0) })
    }

    var paths: ConsolePaths { ConsolePaths(environment: environment) }

    /// The prompter, when asking makes sense at all; `noInput` is the flag of that name.
    func prompter(noInput: Bool) -> Prompter? {
        guard terminal.inputIsTerminal, terminal.errorIsTerminal, !noInput, !environment.isOn("V6_PROMPT_DISABLED")
        else { return nil }
        return prompter
    }

    /// Whether text for people may be coloured: `CLICOLOR_FORCE` beats `NO_COLOR` beats the terminal.
    var outputIsColored: Bool {
        if environment.isOn("CLICOLOR_FORCE") { return true }
        if environment["NO_COLOR"] != nil || environment["TERM"] == "dumb" { return false }
        return terminal.outputIsTerminal
    }
}
