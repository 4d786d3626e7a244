// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The administrator of a fresh database: user `root` of organization `root` with the role `Root`.
///
/// 4.15.2 gives that user the password `root`; here nobody can know it beforehand.
struct FirstAdministrator: Sendable {
    /// Where the password comes from.
    enum Secret: Sendable, Hashable {
        /// A bcrypt hash somebody made.
        case hash(String)
        /// A password somebody chose.
        case chosen(String)
        /// A random one, which has to be shown once.
        case random(String)
    }

    let secret: Secret

    /// Reads `V6_INIT_SUPER_PASS_HASHED_FILE`, `V6_INIT_SUPER_PASS_HASHED` and `V6_ROOT_PASSWORD`, in this order.
    ///
    /// - Throws: ``StartError`` when one of them cannot be used.
    init(environment: [String: String]) throws {
        if let file = environment["V6_INIT_SUPER_PASS_HASHED_FILE"] {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw StartError("cannot read V6_INIT_SUPER_PASS_HASHED_FILE (\(file))")
            }
            secret = .hash(try Self.checked(text, "V6_INIT_SUPER_PASS_HASHED_FILE"))
        } else if let text = environment["V6_INIT_SUPER_PASS_HASHED"] {
            secret = .hash(try Self.checked(text, "V6_INIT_SUPER_PASS_HASHED"))
        } else if let password = environment["V6_ROOT_PASSWORD"] {
            if let problem = PasswordPolicy.problem(password) { throw StartError("V6_ROOT_PASSWORD: \(problem)") }
            secret = .chosen(password)
        } else {
            secret = .random(Self.randomPassword())
        }
    }

    /// Whether the database still lacks its administrator.
    static func isMissing(_ session: any SQLSession) throws -> Bool {
        try !session.exists(#"SELECT 1 FROM "user" WHERE username = 'root'"#)
    }

    /// The bcrypt hash to store.
    ///
    /// Slow.
    func hash() throws -> String {
        switch secret {
        case .hash(let hash): hash
        case .chosen(let password), .random(let password): try Bcrypt.hash(password)
        }
    }

    /// Creates organization and user.
    func create(hash: String, _ session: any SQLSession) throws {
        let organization: Int64
        if let existing = try session.integer("SELECT id FROM organization WHERE name = 'root'") {
            organization = existing
        } else {
            organization = try session.nextID(of: .organization)
            try session.run("INSERT INTO organization (id, name) VALUES (\(organization), 'root')")
        }
        let id = try session.nextID(of: .authenticatable)
        try session.run("INSERT INTO authenticatable (id, type) VALUES (\(id), 'user')")
        try session.run(
            """
            INSERT INTO "user" (id, username, password, email, organization_id, failed_login_attempts)
            VALUES (\(id), 'root', \(hash), 'root@domain.ext', \(organization), 0)
            """)
        let role = try session.integer(
            "SELECT id FROM role WHERE name = \(DefaultRole.root.rawValue) AND organization_id IS NULL")
        try UserGrants(session: session).replace(roles: role.map { [$0] } ?? [], of: id)
    }

    private static func checked(_ text: String, _ variable: String) throws -> String {
        let hash = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard hash.hasPrefix("$2b$"), hash.utf8.count >= 60 else {
            throw StartError("\(variable): expected a bcrypt hash that begins with $2b$ and has 60 characters")
        }
        if Bcrypt.verify("", hash) { throw StartError("\(variable): this is the hash of the empty password") }
        return hash
    }

    /// Twenty-four characters that satisfy the password policy and are easy to copy: 130 bits.
    static func randomPassword() -> String {
        var source = SystemRandomNumberGenerator()
        let letters = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        while true {
            let text = (0..<4).map { _ in
                String((0..<6).map { _ in letters[Int.random(in: 0..<letters.count, using: &source)] })
            }.joined(separator: "-")
            if PasswordPolicy.problem(text) == nil { return text }
        }
    }
}
