// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import NIOCore
import NIOPosix
import V6Kit

/// What algorithms reach through the node, and the node's own way to the server.
extension NodeCheck {
    /// Connects to everything that algorithms are offered outside of their containers.
    func outside(_ engine: any ContainerEngine) async -> [Finding] {
        let board = OutletBoard(
            configuration: configuration, engine: engine,
            logger: Logger(label: "v6-node") { _ in SwiftLogNoOpLogHandler() })
        _ = await board.refresh()
        var findings: [Finding] = []
        for database in configuration.databases where database.kind == .connection {
            findings += await self.database(database, board)
        }
        for tunnel in configuration.tunnels { findings.append(await self.tunnel(tunnel, board)) }
        for service in configuration.services {
            let subject = "service \(service.alias)"
            let outlets = board.plan.outlets.filter {
                if case .container(service.container, _) = $0.target { true } else { false }
            }
            guard let first = outlets.first else {
                findings.append(
                    .init(
                        subject: subject, verdict: .fault,
                        text: "there is no container \(service.container), or it offers no port; start it first"))
                continue
            }
            findings.append(
                await reach(subject, first, board, mend: "is it running? Rootless engines need the port published"))
        }
        if let list = configuration.allowList { findings.append(Self.way(out: list)) }
        return findings
    }

    private func database(_ database: DatabaseConfiguration, _ board: OutletBoard) async -> [Finding] {
        let subject = "database \(database.label)"
        let outlets = board.plan.outlets.filter { $0.databases?.contains(database.label) == true }
        guard !outlets.isEmpty else {
            return [
                .init(
                    subject: subject, verdict: .warning,
                    text: """
                        its uri is no file of this machine and names no host and port that can be read; algorithms get it as it \
                        is and have no network
                        """)
            ]
        }
        var findings: [Finding] = []
        for outlet in outlets {
            if case .tunnel(let name) = outlet.target {
                findings.append(.init(subject: subject, verdict: .fine, text: "is behind the SSH tunnel \(name)"))
            } else {
                findings.append(
                    await reach(subject, outlet, board, mend: "is it running, and does it let this machine in?"))
            }
        }
        return findings
    }

    private func tunnel(_ tunnel: TunnelConfiguration, _ board: OutletBoard) async -> Finding {
        let gate = Outlet(
            target: .tcp(host: tunnel.host, port: tunnel.port), address: "", port: tunnel.port, hostName: nil,
            databases: nil)
        return await reach("tunnel \(tunnel.name)", gate, board, mend: "is the SSH server up? Are host and port right?")
    }

    private func reach(_ subject: String, _ outlet: Outlet, _ board: OutletBoard, mend: String) async -> Finding {
        do {
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let channel = try await board.connect(outlet.target, on: loop)
            channel.close(promise: nil)
            return .init(
                subject: subject, verdict: .fine, text: "\(outlet.hostName ?? "it") answers at port \(outlet.port)")
        } catch {
            return .init(subject: subject, verdict: .fault, text: "\(error); \(mend)")
        }
    }

    private static func way(out list: AllowList) -> Finding {
        let names = list.domains + list.addresses.map(\.description)
        guard !names.isEmpty else {
            return .init(
                subject: "whitelist", verdict: .warning, text: "names neither domains nor ips: nothing can be reached")
        }
        return .init(
            subject: "whitelist", verdict: .fine,
            text:
                "algorithms reach \(names.joined(separator: ", ")) at \(list.ports.sorted().map(String.init).joined(separator: ", "))"
        )
    }

    /// Whether the name of the server leads to an address, and how the connection is protected.
    func connection() async -> [Finding] {
        guard let url = URLComponents(string: configuration.server), let host = url.host else { return [] }
        let isHere = host == "localhost" || IPAddress(host)?.isPrivate == true
        var findings: [Finding] = []
        let proxies = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].compactMap { environment[$0] }
        if let proxy = proxies.first(where: { !$0.isEmpty }), url.scheme == "https" {
            let place = URLComponents(string: proxy)?.host ?? "a proxy"
            findings.append(.init(subject: "proxy", verdict: .fine, text: "the server is reached through \(place)"))
        } else {
            let found = try? await NIOThreadPool.singleton.runIfActive { IPAddress.lookUp(host) }
            let addresses = found ?? []
            findings.append(
                addresses.isEmpty
                    ? .init(
                        subject: "name", verdict: .fault,
                        text: "\(host) leads to no address; check server_url and the name servers of this machine")
                    : .init(
                        subject: "name", verdict: .fine,
                        text: "\(host) is \(addresses.prefix(3).map(\.description).joined(separator: ", "))"))
        }
        if url.scheme != "https", !isHere {
            findings.append(
                .init(
                    subject: "TLS", verdict: .warning,
                    text: "the API key and all tokens go to \(host) unprotected; use https in server_url"))
        }
        return findings
    }

    /// Whether others on this machine can read what only the node's user should.
    func secrets() -> [Finding] {
        var files = [("API key", configurationPath)]
        if configuration.isEncrypted { files.append(("private key", configuration.privateKeyPath)) }
        return files.compactMap { subject, path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            // Nothing at the path is told where the key is used.
            guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue, mode & 0o044 != 0 else {
                return nil
            }
            return .init(
                subject: subject, verdict: .warning, text: "others can read \(path); take that away with chmod 600")
        }
    }

    /// Whether the policies say what their author probably meant.
    func policies() -> [Finding] {
        let policy = configuration.policy
        func finding(_ verdict: Finding.Verdict, _ text: String) -> Finding {
            .init(subject: "policies", verdict: verdict, text: text)
        }
        guard !policy.algorithms.isEmpty || !policy.stores.isEmpty else {
            return [finding(.warning, "any image may run here; name the allowed ones in policies.allowed_algorithms")]
        }
        var findings = [finding(.fine, "entries: \(policy.algorithms.count + policy.stores.count)")]
        for entry in policy.algorithms where entry.isPattern && entry.matches(image: "example.invalid/any/image:1") {
            findings.append(finding(.warning, "\"\(entry)\" in allowed_algorithms covers every image"))
        }
        if policy.acceptsEither, policy.algorithms.isEmpty || policy.stores.isEmpty {
            findings.append(
                finding(.warning, "allow_either_whitelist_or_store has no effect while one of the two lists is empty"))
        }
        if !policy.requiresPull {
            findings.append(
                finding(.warning, "require_algorithm_pull is false: an old local image runs when the registry is away"))
        }
        return findings
    }
}
