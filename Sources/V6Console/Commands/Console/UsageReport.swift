// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What is said when no command came of the command line: help that was asked for, or what is wrong with it.
struct UsageReport {
    private let error: any Error
    private let format: OutputFormat?

    /// - Parameters:
    ///   - error: What parsing threw.
    ///   - arguments: The command line; `-o json` is honoured although it was not parsed to its end.
    ///   - environment: For `V6_OUTPUT`.
    init(_ error: any Error, arguments: [String], environment: ConsoleEnvironment) {
        self.error = error
        let pairs = zip(arguments, arguments.dropFirst())
        let named = pairs.first { ["-o", "--output"].contains($0.0) }?.1
        let joined = arguments.first { $0.hasPrefix("--output=") }.map { String($0.dropFirst("--output=".count)) }
        format = (named ?? joined ?? environment["V6_OUTPUT"]).flatMap(OutputFormat.init(rawValue:))
    }

    /// Writes help to standard output, a fault to standard error.
    ///
    /// - Returns: The exit code.
    func write(to console: ScriptConsole) -> Int32 {
        do {
            if let failure = error as? ConsoleFailure {
                try ErrorReport(failure, format: format).write(to: console)
                return failure.status.rawValue
            }
            let code = ConsoleCommandLine.exitCode(for: error)
            let text = ConsoleCommandLine.fullMessage(for: error)
            if code.isSuccess {
                if !text.isEmpty { try console.output.line(text) }
            } else if format == .json || format == .jsonl {
                let message = ConsoleCommandLine.message(for: error)
                try ErrorReport(ConsoleFailure(.usage, message), format: format).write(to: console)
            } else if !text.isEmpty {
                try console.talk.line(UntrustedText.clean(text))
            }
            return code.rawValue
        } catch {
            // Whoever was to be told is gone.
            return ExitStatus.brokenPipe.rawValue
        }
    }
}
