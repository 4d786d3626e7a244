// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Asks the person at the terminal.
enum Prompt {
    /// Whether there is a person to ask.
    static var isPossible: Bool { isatty(STDIN_FILENO) == 1 }

    /// Asks for a line.
    /// - Throws: ``NodeError`` when the input ends.
    static func line(_ question: String) throws -> String {
        FileHandle.standardError.write(Data(question.utf8))
        guard let answer = readLine()?.trimmingCharacters(in: .whitespaces) else {
            throw NodeError(.configuration, "\(question.trimmingCharacters(in: .whitespaces)) was not answered")
        }
        return answer
    }

    /// Asks for something that must not be seen on the screen.
    /// - Throws: as ``line(_:)``.
    static func secret(_ question: String) throws -> String {
        guard isPossible else { return try line(question) }
        var before = termios()
        tcgetattr(STDIN_FILENO, &before)
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        return try line(question)
    }
}
