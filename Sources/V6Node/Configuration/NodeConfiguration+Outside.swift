// SPDX-License-Identifier: Apache-2.0

import Foundation
import V6Kit

extension NodeConfiguration {
    /// Reads what algorithms can reach outside of their containers, and what the node tells of itself.
    static func readOutside(_ reader: ConfigurationReader, into configuration: inout NodeConfiguration) {
        if reader.has("vpn_subnet") {
            reader.fault(
                "vpn_subnet",
                "expected nothing: this node builds no VPN between algorithms, and VPN keys (EduVPN) have no use. Remove the key"
            )
        }
        configuration.tunnels = readTunnels(reader)
        configuration.services = (reader.map("docker_services") ?? []).compactMap { name, container in
            if !isHostName(name) {
                reader.fault("docker_services", "expected a host name for the service, found \"\(name)\"")
            }
            return ServiceConfiguration(alias: name, container: container)
        }
        configuration.allowList = readAllowList(reader.section("whitelist"))
        configuration.extraHosts = pairs(reader.map("node_extra_hosts"))
        for (name, address) in configuration.extraHosts.sorted(by: { $0.key < $1.key })
        where address != "host-gateway" && IPAddress(address) == nil {
            reader.fault("node_extra_hosts", "expected an IP address for \(name), found \"\(address)\"")
        }
        configuration.extraEnvironment = pairs(reader.map("node_extra_env"))
        if let prometheus = reader.section("prometheus") {
            prometheus.warnUnknown(known: ["enabled", "report_interval_seconds"])
            let seconds = prometheus.number("report_interval_seconds") ?? 45
            if seconds < 1 { prometheus.fault("report_interval_seconds", "expected at least 1, found \(seconds)") }
            if prometheus.bool("enabled") ?? false { configuration.metricsInterval = .seconds(seconds) }
        }
    }

    /// How often a server is told how busy the machine is; nil for never: an original server has a use for it only
    /// where its operator collects metrics.
    func loadInterval(isOurServer: Bool) -> Duration? {
        metricsInterval ?? (isOurServer && sharesLoad ? Self.loadPause : nil)
    }

    private static func readTunnels(_ reader: ConfigurationReader) -> [TunnelConfiguration] {
        var seen: Set<String> = []
        return (reader.list("ssh-tunnels") ?? []).compactMap { item in
            item.warnUnknown(known: ["hostname", "ssh", "tunnel"])
            let name = hostName("hostname", item)
            let ssh = item.section("ssh", required: true)
            let identity = ssh?.section("identity", required: true)
            let tunnel = item.section("tunnel", required: true)
            let (bind, destination) = (
                tunnel?.section("bind", required: true), tunnel?.section("dest", required: true)
            )
            guard let name, let ssh, let identity, let bind, let destination, let host = hostName("host", ssh),
                let fingerprint = ssh.string("fingerprint", required: true), let user = hostName("username", identity),
                let keyFile = identity.string("key", required: true),
                let bindPort = bind.integer("port", in: 1...65_535, required: true),
                let destinationHost = hostName("ip", destination),
                let destinationPort = destination.integer("port", in: 1...65_535, required: true)
            else { return nil }
            if !seen.insert(name.lowercased()).inserted { item.fault("hostname", "\"\(name)\" is there twice") }
            let hostKey = hostKey(fingerprint)
            if hostKey == nil {
                ssh.fault(
                    "fingerprint",
                    "expected the server's public key as \"ssh-keyscan\" prints it, such as \"ssh-ed25519 AAAA…\"")
            }
            if !FileManager.default.isReadableFile(atPath: keyFile) {
                identity.fault("key", "expected a private key that can be read, nothing is at \(keyFile)")
            }
            return TunnelConfiguration(
                name: name, host: host, port: ssh.integer("port", in: 1...65_535) ?? 22, hostKey: hostKey ?? "",
                user: user, keyFile: keyFile, bindPort: bindPort, destinationHost: destinationHost,
                destinationPort: destinationPort)
        }
    }

    /// Type and base64 of a public key, from a line that may begin with a host and end with a remark.
    private static func hostKey(_ text: String) -> String? {
        let words = text.split(separator: " ").map(String.init)
        guard
            let index = words.firstIndex(where: {
                $0.hasPrefix("ssh-") || $0.hasPrefix("ecdsa-") || $0.hasPrefix("sk-")
            }),
            words.count > index + 1, Data(base64Encoded: words[index + 1]) != nil
        else { return nil }
        return "\(words[index]) \(words[index + 1])"
    }

    private static func hostName(_ key: String, _ reader: ConfigurationReader) -> String? {
        guard let text = reader.string(key, required: true) else { return nil }
        if !isHostName(text) { reader.fault(key, "expected a name or an address, found \"\(text)\"") }
        return text
    }

    /// Whether a text can stand in a hosts file and among the arguments of a program.
    private static func isHostName(_ text: String) -> Bool {
        guard let first = text.first, first != "-", first != "." else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-:".contains($0)) }
    }

    private static func readAllowList(_ reader: ConfigurationReader?) -> AllowList? {
        guard let reader else { return nil }
        for key in reader.keys where !["domains", "ips", "ports"].contains(key) {
            reader.fault(key, "is not known; a whitelist has domains, ips and ports")
        }
        let addresses = (reader.strings("ips") ?? []).compactMap { text in
            let range = AddressRange(text)
            if range == nil {
                reader.fault("ips", "expected an address such as 192.0.2.7 or 192.0.2.0/24, found \"\(text)\"")
            }
            return range
        }
        let ports = (reader.strings("ports") ?? []).compactMap { text in
            let port = Int(text).flatMap { (1...65_535).contains($0) ? $0 : nil }
            if port == nil { reader.fault("ports", "expected numbers from 1 to 65535, found \"\(text)\"") }
            return port
        }
        return AllowList(
            domains: reader.strings("domains") ?? [], addresses: addresses,
            ports: ports.isEmpty ? AllowList.defaultPorts : Set(ports))
    }

    static func readHousekeeping(_ reader: ConfigurationReader?) -> HousekeepingConfiguration {
        var limits = HousekeepingConfiguration()
        guard let reader else { return limits }
        reader.warnUnknown(known: HousekeepingConfiguration.keys)
        func bytes(_ key: String) -> Int? {
            guard let text = reader.string(key) else { return nil }
            let bytes = IsolationConfiguration.bytes(text)
            if bytes == nil { reader.fault(key, "expected a size such as 512m or 2g, found \"\(text)\"") }
            return bytes
        }
        func seconds(_ key: String) -> Int? {
            guard let text = reader.string(key) else { return nil }
            let units: [Character: Int] = ["m": 60, "h": 3600, "d": 86_400]
            guard let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()), number > 0,
                number < 100_000
            else {
                reader.fault(key, "expected a duration such as 30m, 12h or 7d, found \"\(text)\"")
                return nil
            }
            return number * unit
        }
        limits.freeBytes = bytes("min_free") ?? limits.freeBytes
        limits.imageAge = seconds("image_age") ?? limits.imageAge
        limits.jobAge = seconds("job_age") ?? limits.jobAge
        limits.imageBytes = bytes("image_quota")
        limits.jobBytes = bytes("job_quota")
        limits.interval = seconds("interval") ?? limits.interval
        return limits
    }

    static func readLog(_ reader: ConfigurationReader, name: String) -> LogConfiguration {
        var log = LogConfiguration()
        let debug = reader.section("debug")
        let isVerbose = debug?.bool("socketio") ?? false || debug?.bool("proxy_server") ?? false
        if let folder = reader.section("directories")?.string("log") { log.file = "\(folder)/\(name).log" }
        if let logging = reader.section("logging") {
            logging.warnUnknown(known: [
                "level", "use_console", "backup_count", "max_size", "format", "datefmt", "loggers", "file",
            ])
            if let level = logging.string("level") { log.level = level.lowercased() }
            log.usesConsole = logging.bool("use_console") ?? true
            log.backups = logging.integer("backup_count", in: 1...1000) ?? log.backups
            log.largestFile = logging.integer("max_size", in: 17...10_000_000).map { $0 << 10 } ?? log.largestFile
            if let file = logging.string("file") {
                // A bare name lies where the other logs are.
                let folder = reader.section("directories")?.string("log")
                log.file = file.hasPrefix("/") ? file : folder.map { "\($0)/\(file)" } ?? log.file
            }
        }
        if isVerbose { log.level = "trace" }
        return log
    }
}
