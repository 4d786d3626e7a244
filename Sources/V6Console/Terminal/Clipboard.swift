// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Puts text on the person's clipboard, also from the far end of an SSH connection.
///
/// OSC 52 asks the terminal itself. Inside tmux, `load-buffer -w` is used instead: tmux hands it on to its own terminal.
struct Clipboard: Sendable {
    enum Method: Hashable, Sendable {
        case sequence(String)
        case command([String])
        case off(reason: String)
    }

    private let environment: ConsoleEnvironment
    /// The largest sequence that terminals take, in bytes of base64.
    private let maximum: Int

    init(environment: ConsoleEnvironment) {
        self.environment = environment
        maximum = environment["V6_OSC52_MAX"].flatMap { Int($0) } ?? 74_994
    }

    /// How this text gets to the clipboard here.
    func method(for text: String) -> Method {
        let wish = environment["V6_CLIPBOARD"] ?? "auto"
        if wish == "off" { return .off(reason: "V6_CLIPBOARD is off") }
        if wish != "osc52", environment["TMUX"] != nil { return .command(["tmux", "load-buffer", "-w", "-"]) }
        let isRemote = environment["SSH_CONNECTION"] != nil
        if wish == "native" || (wish == "auto" && !isRemote) {
            if environment["WAYLAND_DISPLAY"] != nil { return .command(["wl-copy"]) }
            if environment["DISPLAY"] != nil { return .command(["xclip", "-selection", "clipboard"]) }
        }
        let encoded = Data(text.utf8).base64EncodedString()
        if encoded.utf8.count > maximum { return .off(reason: "the text is too long for the terminal") }
        return .sequence("\u{1B}]52;c;\(encoded)\u{07}")
    }

    /// Runs one of the commands with the text as its input.
    ///
    /// Throws if it cannot be run or fails.
    static func run(_ command: [String], text: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            throw Fault(kind: .other, message: "\(command[0]) could not take the text.")
        }
    }
}
