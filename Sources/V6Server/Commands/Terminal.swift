// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// How the commands talk to the operator.
enum Terminal {
    /// Prints a line, at once also when the output is a file or a pipe.
    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    /// Whether somebody can be asked.
    static var isInteractive: Bool { isatty(STDIN_FILENO) != 0 }

    /// Asks a question; the answer without blanks around it, empty at the end of the input.
    static func ask(_ question: String) -> String {
        FileHandle.standardOutput.write(Data(question.utf8))
        return (readLine() ?? "").trimmingCharacters(in: .whitespaces)
    }

    /// Runs a command; what goes wrong is said in one line, or one for each fault of a configuration.
    ///
    /// - Throws: `ExitCode` 78 for a faulty configuration, 1 for anything else.
    static func reporting(_ work: () async throws -> Void) async throws {
        do { try await work() } catch let error as any Error & CustomStringConvertible
            where error is StartError || error is StoreError || error is ConfigurationError
        {
            FileHandle.standardError.write(Data("v6-server: \(error.description)\n".utf8))
            throw ExitCode(error is ConfigurationError ? 78 : 1)
        }
    }
}
