// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Files named on the command line; `-` is standard input.
enum InputFile {
    static func data(at path: String, console: ScriptConsole) throws -> Data {
        if path == "-" { return try console.readInput() }
        return try PlainFile.data(at: path, as: "the file")
    }

    static func text(at path: String, console: ScriptConsole) throws -> String {
        guard let text = String(data: try data(at: path, console: console), encoding: .utf8) else {
            throw ConsoleFailure(.rejected, "The file \(path) is no UTF-8 text.")
        }
        return text
    }
}
