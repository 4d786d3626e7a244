// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import V6Kit

/// The command `v6-node keygen`.
struct KeygenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen", abstract: "Make the private key of an organization.",
        discussion: """
            All nodes and users of an organization share one private key. Keep a copy in a safe place: without it, what was \
            encrypted for the organization can never be read again.
            """)

    @Option(name: [.short, .long], help: "The file to write.", completion: .file()) var output: String
    @Option(help: "The length of the key in bits.") var bits = 4096

    func validate() throws {
        guard [2048, 3072, 4096].contains(bits) else { throw ValidationError("--bits is 2048, 3072 or 4096.") }
    }

    func run() async throws {
        try await CommandFailure.report {
            // Never over a key that exists: that cannot be undone.
            let descriptor = open(output, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw NodeError(
                    .configuration,
                    "\(output) cannot be made: \(String(cString: strerror(errno))). An existing key is never overwritten."
                )
            }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            let key = try PrivateKey.generate(bits: bits)
            try file.write(contentsOf: Data(key.pem.utf8))
            try file.close()
            print("private key: \(output)")
            print("fingerprint: \(key.publicKey.fingerprint)")
            print("Name the file in encryption.private_key; the node publishes the public key at its first start.")
        }
    }
}
