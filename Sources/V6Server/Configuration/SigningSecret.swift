// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The secret that signs tokens where none is configured: 256 random bits in a file only the server's user may read.
///
/// Without it every token would die with a restart, as in 4.15.2.
enum SigningSecret {
    /// Where the secret of a database is kept: beside a SQLite file, else in the data folder of the server's user.
    static func file(for database: DatabaseAddress, environment: [String: String]) -> String {
        switch database {
        case .sqlite(let path): path + ".secret"
        case .postgres: BaseDirectories(program: "vantage6/server", environment: environment).data + "/jwt.secret"
        }
    }

    /// Reads the secret in a file, or makes it.
    ///
    /// - Throws: ``StartError`` when the file can be neither read nor made.
    static func load(file: String) throws -> String {
        if let text = try? String(contentsOfFile: file, encoding: .utf8) {
            let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
            guard secret.utf8.count >= 32 else {
                throw StartError("the signing secret in \(file) is too short; delete the file to get a new one")
            }
            return secret
        }
        let secret = random()
        try Folder.make(of: file)
        let isMade = FileManager.default.createFile(
            atPath: file, contents: Data((secret + "\n").utf8), attributes: [.posixPermissions: 0o600])
        guard isMade else {
            throw StartError(
                "cannot write the signing secret to \(file); make the folder writable or set jwt_secret_key")
        }
        return secret
    }

    /// 256 random bits, as hexadecimal text.
    static func random() -> String {
        var source = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &source) }
        return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// Why the server did not start, in words for the operator.
struct StartError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
