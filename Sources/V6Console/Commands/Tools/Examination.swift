// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

/// The checks of `doctor`, one after the other; a check that fails does not stop those that do not need it.
struct Examination {
    /// What one check found.
    struct Finding: Sendable {
        let check: String
        let finding: String
        let failure: ConsoleFailure?

        var record: JSONValue {
            [
                "check": .string(check), "state": failure == nil ? "ok" : "fault",
                "finding": .string(failure?.message ?? finding), "mend": .string(failure?.advice ?? ""),
            ]
        }
    }

    let environment: ConsoleEnvironment
    let terminal: TerminalTraits
    let now: @Sendable () -> Timestamp
    /// Makes a session without tokens, for what is open to all.
    let openly: @Sendable () throws -> ConsoleSession
    /// Runs a check in a session with tokens.
    let signedIn: @Sendable (_ check: @Sendable (ConsoleSession) async throws -> String) async throws -> String

    private var paths: ConsolePaths { ConsolePaths(environment: environment) }

    func findings() async -> [Finding] {
        var findings: [Finding] = []
        func check(_ name: String, _ work: () async throws -> String) async {
            do {
                findings.append(Finding(check: name, finding: try await work(), failure: nil))
            } catch {
                let failure = ConsoleFailure(describing: error, server: nil)
                findings.append(Finding(check: name, finding: "", failure: failure))
            }
        }
        await check("configuration") {
            let configuration = try ConsoleConfiguration.load(from: paths)
            return "\(configuration.profiles.count) profiles in \(paths.configurationFile)"
        }
        await check("credentials") { try credentialsFile() }
        await check("server") {
            let session = try openly()
            let version = try await session.client.serverVersion()
            return "\(session.address.description) is vantage6 \(version)"
        }
        await check("database") {
            let session = try openly()
            let health = try await session.client.callOpenly("GET", "/health").json
            guard health["database"]?.boolValue != false else {
                throw ConsoleFailure(.failure, "The server cannot reach its database.")
            }
            return "the server reaches its database"
        }
        await check("event log") {
            let answer = try await openly().client.callOpenly("GET", "/version")
            return answer.headers["V6-Events"] == "numbered"
                ? "kept by the server: what is missed is read later"
                : "not kept by this server: after a gap everything is fetched anew, and log lines have no times"
        }
        await check("clock") { try await clock() }
        await check("sign-in") { try await signIn() }
        await check("key") { try await key() }
        await check("terminal") { try display() }
        return findings
    }

    private func credentialsFile() throws -> String {
        let path = paths.credentialsFile
        guard FileManager.default.fileExists(atPath: path) else { return "none stored" }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
        guard mode & 0o077 == 0 else {
            throw ConsoleFailure(
                .failure, "\(path) can be read by others (mode \(String(mode, radix: 8))).", advice: "chmod 600 \(path)"
            )
        }
        return "\(path), mode 600"
    }

    /// The server's `Date` against this machine's clock: tokens are dated, and a clock that is off makes them end early.
    private func clock() async throws -> String {
        let session = try openly()
        let response = try await session.client.callOpenly("GET", "/version")
        guard let seconds = ServerClock.lead(of: now(), over: response) else {
            return "the server does not tell its time"
        }
        guard abs(seconds) < 30 else {
            throw ConsoleFailure(
                .failure, "This clock is \(seconds) s off the server's.",
                advice: "Set it by NTP: timedatectl set-ntp true")
        }
        return "within \(max(1, abs(seconds))) s of the server's"
    }

    private func signIn() async throws -> String {
        try await signedIn { session in
            guard let claims = await session.client.claims(), let id = claims.subject else {
                throw ConsoleFailure(.unauthenticated, "The token says nothing about whose it is.")
            }
            let user = try await session.client.call("GET", "/user/\(id)").json
            let name = user["username"]?.cellText ?? "#\(id)"
            guard let expiry = claims.expiry else { return name }
            return "\(name); the token ends \(TimeText.relative(Timestamp(expiry), to: now()))"
        }
    }

    private func key() async throws -> String {
        try await signedIn { session in
            guard let key = try session.privateKey() else { return "none configured" }
            let id = await session.client.claims()?.subject ?? 0
            let user = try await session.client.call("GET", "/user/\(id)").json
            let organization = user.value(at: "organization.id")?.intValue ?? 0
            let record = try await session.client.call("GET", "/organization/\(organization)").json
            let match = KeyMatch(key.publicKey, organization: record["public_key"]?.stringValue ?? "")
            guard match.isMatch == true else {
                throw ConsoleFailure(
                    .failure, "The private key is \(match.text) (\(record["name"]?.cellText ?? "")).",
                    advice: "Use the organization's own key, or publish this one with organization set-key.")
            }
            return "\(match.text), \(key.publicKey.fingerprint)"
        }
    }

    private func display() throws -> String {
        guard terminal.outputIsTerminal else { return "standard output is no terminal" }
        guard let term = environment["TERM"], term != "dumb" else {
            throw ConsoleFailure(
                .failure, "TERM is not set to a terminal that can draw.", advice: "export TERM=xterm-256color")
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first ?? "C"
        return "\(term), \(terminal.width ?? 80) columns, locale \(locale)"
    }
}
