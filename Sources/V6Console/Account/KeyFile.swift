// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// Key files of an organization.
enum KeyFile {
    /// Reads a private key, PEM.
    ///
    /// - Throws: `ConsoleFailure` (rejected) with the path and the reason.
    static func privateKey(at path: String) throws -> PrivateKey {
        do {
            return try PrivateKey(pem: text(at: path))
        } catch let failure as ConsoleFailure {
            throw failure
        } catch {
            let isLocked = (error as? CryptographyError)?.code == .lockedKey
            throw ConsoleFailure(
                .rejected, "\(path) cannot be used: \(error)",
                advice: isLocked
                    ? "openssl rsa -in \(path) -out NEWFILE writes it without; keep that file to yourself (chmod 600)."
                    : "Give the organization's RSA key, PEM, with --private-key or V6_PRIVATE_KEY; key generate makes one."
            )
        }
    }

    /// Reads the public key from a file with either half of a pair.
    static func publicKey(at path: String) throws -> PublicKey {
        let pem = try text(at: path)
        if pem.contains("PRIVATE KEY") { return try privateKey(at: path).publicKey }
        do {
            return try PublicKey(pem: pem)
        } catch {
            throw ConsoleFailure(.rejected, "\(path) holds no public key: \(error)")
        }
    }

    private static func text(at path: String) throws -> String {
        try PlainFile.text(at: path, as: "the key file", failing: .rejected)
    }
}
