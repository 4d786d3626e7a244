// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A command of the scripted side: gets the world handed in, and may wait.
protocol ScriptCommand: ParsableCommand, Sendable {
    /// Does the work; throwing decides the exit code.
    func run(in console: ScriptConsole) async throws
}

extension ScriptCommand {
    /// The parser's own entry, used by nobody: `Main` hands a console to `run(in:)`.
    func run() throws {
        throw ConsoleFailure(.failure, "This command was started without a console.")
    }

    /// Runs the command and says what went wrong, if anything did.
    ///
    /// - Returns: The exit code.
    func outcome(in console: ScriptConsole) async -> Int32 {
        let options = (self as? any FormattedCommand)?.output
        if options?.pager == true, console.terminal.outputIsTerminal { return await paged(in: console) }
        return await outcome(printingTo: console)
    }

    /// As ``outcome(in:)``, with a pager between the data and the terminal.
    private func paged(in console: ScriptConsole) async -> Int32 {
        guard let pager = Pager(environment: console.environment) else { return await outcome(printingTo: console) }
        var paged = console
        paged.output = pager.sink
        let status = await outcome(printingTo: paged)
        pager.finish()
        // Whoever leaves the pager early has seen enough.
        return status == ExitStatus.brokenPipe.rawValue ? ExitStatus.success.rawValue : status
    }

    private func outcome(printingTo console: ScriptConsole) async -> Int32 {
        do {
            try await run(in: console)
            return ExitStatus.success.rawValue
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            let failure = ConsoleFailure(describing: error, server: nil)
            do {
                let asked = (self as? any FormattedCommand)?.output.format
                let format = asked ?? console.environment["V6_OUTPUT"].flatMap(OutputFormat.init(rawValue:))
                try ErrorReport(failure, format: format).write(to: console)
            } catch {
                // Standard error is gone: nobody is left to be told, and the exit code still says it.
                return failure.status.rawValue
            }
            return failure.status.rawValue
        }
    }
}

/// A command whose output takes `-o`, and whose errors follow it.
protocol FormattedCommand: ScriptCommand {
    var output: OutputOptions { get }
}
