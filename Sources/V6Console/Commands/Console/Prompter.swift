// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Asks the person at the terminal; absent when there is none.
struct Prompter: Sendable {
    /// Asks and returns what was typed, without the line end.
    let ask: @Sendable (_ question: String) throws -> String
    /// The same without showing what is typed.
    let askSecretly: @Sendable (_ question: String) throws -> String

    /// Asks a yes-or-no question; only an explicit yes counts.
    func confirm(_ question: String) throws -> Bool {
        let answer = try ask("\(question) [y/N] ").lowercased()
        return answer == "y" || answer == "yes"
    }

    /// Question to standard error, answer from the terminal on standard input.
    static let terminal = Prompter(
        ask: { try read(question: $0, echo: true) }, askSecretly: { try read(question: $0, echo: false) })

    private static let interrupt: UInt8 = 3

    /// Reads one line with signals off, so that ctrl-c cannot leave the terminal without echo: it ends the line instead.
    private static func read(question: String, echo: Bool) throws -> String {
        let talk = TextSink.descriptor(STDERR_FILENO)
        try talk.put(question)
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else {
            throw ConsoleFailure(.cancelled, "Standard input is not a terminal, so there is nobody to ask.")
        }
        var during = before
        during.c_lflag &= ~tcflag_t(ISIG | (echo ? 0 : ECHO))
        during.c_lflag |= tcflag_t(ICANON)
        withUnsafeMutableBytes(of: &during.c_cc) { $0[Int(VEOL)] = interrupt }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &during)
        defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &before) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n"), line.last != interrupt {
            let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            line += buffer.prefix(count)
        }
        if !echo || line.last != UInt8(ascii: "\n") { try talk.put("\n") }
        guard let last = line.last, last != interrupt else { throw ConsoleFailure(.cancelled, "Cancelled.") }
        if last == UInt8(ascii: "\n") { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }
}
