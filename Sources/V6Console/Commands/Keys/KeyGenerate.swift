// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// `key generate`.
struct KeyGenerate: ScriptCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Make a private key for your organization.",
        discussion: .help(
            """
            The file is readable by you only. Every user and node of the organization needs the same key; whoever \
            loses it can no longer read results that were encrypted for it.
            """, examples: "key generate ~/keys/alpha.pem"))

    @Argument(help: "Where to write it; an existing file is never replaced.")
    var file: String?

    @Option(help: ArgumentHelp("The same as an option.", valueName: "file"))
    var out: String?

    @Option(help: ArgumentHelp("Size of the key, 2048 or 4096.", valueName: "bits"))
    var bits = 4096

    func validate() throws {
        guard (file == nil) != (out == nil) else { throw ValidationError("Where to? Give one FILE.") }
        guard [2048, 3072, 4096].contains(bits) else { throw ValidationError("--bits is 2048, 3072 or 4096.") }
    }

    func run(in console: ScriptConsole) async throws {
        let path = file ?? out ?? ""
        guard !FileManager.default.fileExists(atPath: path) else {
            throw ConsoleFailure(
                .rejected, "\(path) exists already, and a key that is replaced is lost.",
                advice: "Choose another file, or move that one away.")
        }
        let key = try PrivateKey.generate(bits: bits)
        try PrivateFile.write(Data(key.pem.utf8), to: path, replacing: false)
        try console.talk.line("Wrote \(path). Its fingerprint is \(key.publicKey.fingerprint).")
    }
}

/// `key show`.
struct KeyShow: ScriptCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the public half of a key and its fingerprint.",
        discussion: .help(examples: "key show ~/keys/alpha.pem"))

    @Argument(help: "File with a private or public key.")
    var file: String

    func run(in console: ScriptConsole) async throws {
        let key = try KeyFile.publicKey(at: file)
        try console.talk.line(key.fingerprint)
        try console.output.put(key.pem)
    }
}

/// `key`.
struct KeyCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make and look at organization keys.",
        subcommands: [KeyGenerate.self, KeyShow.self], aliases: ["keys"])
}
