// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import V6Kit

/// Looks at everything a node needs, and says what is wrong and how to mend it.
///
/// Changes nothing.
struct NodeCheck: Sendable {
    /// What was found about one thing.
    struct Finding: Sendable, Hashable {
        enum Verdict: String, Sendable {
            case fine = "ok"
            case warning = "warning"
            case fault = "FAULT"
        }

        let subject: String
        let verdict: Verdict
        let text: String
    }

    /// How far the clocks of node and server may differ, in seconds: tokens have no leeway.
    static let clockTolerance = 5.0

    let configuration: NodeConfiguration
    let configurationPath: String
    let transport: any HTTPTransport
    let environment: [String: String]
    let executable: String

    /// Looks at one thing after the other; `report` is told of each as it is found.
    func run(_ report: (Finding) -> Void) async throws {
        report(.init(subject: "configuration", verdict: .fine, text: "read, node \"\(configuration.name)\""))
        for finding in local() { report(finding) }
        let (engine, findings) = await engine()
        for finding in findings { report(finding) }
        if let engine {
            for finding in await registries(engine) { report(finding) }
            for finding in await outside(engine) { report(finding) }
        }
        for finding in await connection() { report(finding) }
        for finding in try await server() { report(finding) }
    }

    private func local() -> [Finding] {
        var findings: [Finding] = []
        do {
            _ = try RelayImage.beside(executable: executable)
            findings.append(.init(subject: "relay", verdict: .fine, text: "v6-relay is there"))
        } catch {
            findings.append(.init(subject: "relay", verdict: .fault, text: "\(error)"))
        }
        findings += secrets()
        findings.append(disk(of: configuration.dataFolder))
        for database in configuration.databases {
            let subject = "database \(database.label)"
            switch database.kind {
            case .connection: continue
            case .file, .folder:
                let isReadable = FileManager.default.isReadableFile(atPath: database.uri)
                findings.append(
                    isReadable
                        ? .init(subject: subject, verdict: .fine, text: "\(database.uri) is readable")
                        : .init(
                            subject: subject, verdict: .fault,
                            text: "\(database.uri) cannot be read by the user of this node; change its owner or mode"))
            }
        }
        if !configuration.tunnels.isEmpty {
            let folders = (environment["PATH"] ?? "").split(separator: ":")
            let isThere = folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/ssh") }
            findings.append(
                isThere
                    ? .init(subject: "ssh", verdict: .fine, text: "is there for the tunnels")
                    : .init(
                        subject: "ssh", verdict: .fault,
                        text: "ssh-tunnels need OpenSSH's ssh in PATH (apt-get install openssh-client)"))
        }
        findings += policies()
        return findings
    }

    private func disk(of path: String) -> Finding {
        var folder = URL(fileURLWithPath: path)
        while !FileManager.default.fileExists(atPath: folder.path), folder.path != "/" {
            folder.deleteLastPathComponent()
        }
        guard FileManager.default.isWritableFile(atPath: folder.path) else {
            return .init(
                subject: "disk", verdict: .fault,
                text: "\(folder.path) cannot be written; name another directories.data")
        }
        return room(at: folder.path, for: path, subject: "disk")
    }

    /// Whether there is room for runs on the disk of a folder.
    private func room(at folder: String, for path: String, subject: String) -> Finding {
        let free: Int
        do { free = try DiskSpace(at: folder).free } catch {
            return .init(subject: subject, verdict: .warning, text: "\(error)")
        }
        let text = "\(free >> 20) MiB free for \(path)"
        let needed = configuration.housekeeping.freeBytes
        if free < needed {
            return .init(
                subject: subject, verdict: .fault,
                text: "\(text), and runs are refused below \(needed >> 20) MiB (housekeeping.min_free); make room")
        }
        return free < 2 * needed
            ? .init(subject: subject, verdict: .warning, text: text + "; images and results need more")
            : .init(subject: subject, verdict: .fine, text: text)
    }

    private func engine() async -> (DockerEngine?, [Finding]) {
        let engine: DockerEngine
        var findings: [Finding] = []
        do {
            engine = try await EngineAccess(configuration, environment: environment, transport: transport).connect()
            let version = try await engine.version()
            findings.append(
                .init(
                    subject: "engine", verdict: .fine,
                    text: "\(version.product), API \(version.api), at \(engine.location)"))
        } catch {
            return (nil, [.init(subject: "engine", verdict: .fault, text: "\(error)")])
        }
        return (engine, findings + traits(engine.traits))
    }

    /// What the engine can do, and whether it has room.
    func traits(_ traits: EngineTraits) -> [Finding] {
        var findings = [
            Finding(
                subject: "restarts", verdict: traits.sparesContainers ? .fine : .warning,
                text: traits.sparesContainers ? "algorithms outlive the engine" : EngineTraits.liveRestoreAdvice),
            Finding(
                subject: "limits", verdict: traits.unlimited.isEmpty ? .fine : .warning,
                text: traits.limitsAdvice ?? "the engine keeps those of memory, processors and processes"),
        ]
        if let folder = traits.folder, FileManager.default.fileExists(atPath: folder) {
            findings.append(room(at: folder, for: "the engine's \(folder)", subject: "images"))
        }
        return findings
    }

    private func server() async throws -> [Finding] {
        let address = try ServerAddress(configuration.server, apiPath: configuration.apiPath)
        var findings: [Finding] = []
        do {
            let response = try await transport.send(HTTPRequest(url: address.url("/version"), timeout: .seconds(15)))
            let version = (try? JSONValue(parsing: response.body))?["version"]?.stringValue
            guard response.status == 200, let version else {
                return [
                    .init(
                        subject: "server", verdict: .fault,
                        text:
                            "\(address) answers, but not as a vantage6 server (\(response.status)); check server_url, port, api_path"
                    )
                ]
            }
            findings.append(.init(subject: "server", verdict: .fine, text: "vantage6 \(version) at \(address)"))
            if let clock = Self.clock(response.headers["Date"]) { findings.append(clock) }
        } catch let error as TransportError {
            return [.init(subject: "server", verdict: .fault, text: Self.advice(error))]
        }
        let logger = Logger(label: "v6-node") { _ in SwiftLogNoOpLogHandler() }
        let link = ServerLink(
            client: V6Client(address: address, transport: transport), apiKey: configuration.apiKey, logger: logger)
        let login = NodeLogin(configuration: configuration, link: link, replacesPublicKey: false, logger: logger)
        do {
            try await link.authenticate()
            let (identity, state) = try await login.inspect()
            findings.append(
                .init(
                    subject: "sign-in", verdict: .fine,
                    text: "\(identity.name) of \(identity.organizationName) in \(identity.collaborationName)"))
            findings.append(.init(subject: "encryption", verdict: .fine, text: state))
        } catch let error as APIError {
            findings.append(
                .init(
                    subject: "sign-in", verdict: .fault,
                    text: "\(error.message); ask for a new API key and put it into api_key"))
        } catch let error as NodeError {
            findings.append(.init(subject: "encryption", verdict: .fault, text: error.description))
        }
        return findings
    }

    private static func advice(_ error: TransportError) -> String {
        switch error.code {
        case .cannotResolve: "\(error.message). Check the spelling of server_url and the name servers of this machine."
        case .tls:
            "\(error.message). Is the right certificate authority installed on this machine, and its clock right?"
        case .timedOut, .cannotConnect: "\(error.message). Is a firewall or proxy in between (HTTPS_PROXY)?"
        default: error.message
        }
    }

    private static func clock(_ header: String?) -> Finding? {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let header, let date = format.date(from: header) else { return nil }
        let difference = Date().timeIntervalSince(date)
        return abs(difference) <= clockTolerance
            ? .init(subject: "clock", verdict: .fine, text: "agrees with the server's")
            : .init(
                subject: "clock", verdict: .fault,
                text:
                    "differs from the server's by \(Int(difference)) s; tokens would be refused. Set it, for instance by NTP"
            )
    }
}
