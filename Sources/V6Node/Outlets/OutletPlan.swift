// SPDX-License-Identifier: Apache-2.0

import V6Kit

/// All outlets of a node, and what an algorithm must be told to find them.
///
/// Every host has a loopback address of its own, so that two databases may use the same port. A host that has a name keeps it:
/// the algorithm's `/etc/hosts` leads there, and certificates fit. A bare address is replaced in the connection string.
struct OutletPlan: Sendable, Hashable {
    /// The name and port of the way out, as in 4.15.2.
    static let wayOutName = "squid"
    static let wayOutPort = 3128

    let outlets: [Outlet]
    /// The databases, with connection strings as algorithms can use them.
    let databases: [DatabaseConfiguration]

    /// Makes the plan.
    /// - Parameters:
    ///   - configuration: databases, tunnels, services, allow-list.
    ///   - servicePorts: the ports that the containers of `docker_services` offer, by alias.
    init(_ configuration: NodeConfiguration, servicePorts: [String: [Int]] = [:]) {
        var places = LoopbackPlaces()
        var outlets: [Outlet] = []
        func add(_ target: Outlet.Target, host: String, port: Int, database: String?) {
            let address = places.address(of: host)
            if let index = outlets.firstIndex(where: { $0.address == address && $0.port == port }) {
                if let database { outlets[index].databases?.insert(database) }
                return
            }
            outlets.append(
                Outlet(
                    target: target, address: address, port: port,
                    hostName: LoopbackPlaces.isBare(host) ? nil : host, databases: database.map { [$0] }))
        }
        databases = configuration.databases.map { database in
            guard database.kind == .connection else { return database }
            for found in DatabaseAddress.all(in: database.uri) {
                let target: Outlet.Target =
                    if let tunnel = configuration.tunnels.first(where: { $0.matches(found) }) {
                        .tunnel(tunnel.name)
                    } else if let service = configuration.services.first(where: { $0.alias == found.host }) {
                        .container(service.container, port: found.port)
                    } else {
                        .tcp(host: found.host, port: found.port)
                    }
                add(target, host: found.host, port: found.port, database: database.label)
            }
            var database = database
            database.rewrittenURI = DatabaseAddress.rewrite(database.uri) { found in
                LoopbackPlaces.isBare(found.host) ? places.address(of: found.host) : nil
            }
            return database
        }
        for tunnel in configuration.tunnels {
            add(.tunnel(tunnel.name), host: tunnel.name, port: tunnel.bindPort, database: nil)
        }
        for service in configuration.services {
            for port in servicePorts[service.alias] ?? [] {
                add(.container(service.container, port: port), host: service.alias, port: port, database: nil)
            }
        }
        if configuration.allowList != nil {
            outlets.append(
                Outlet(
                    target: .allowList, address: "127.0.0.1", port: Self.wayOutPort, hostName: Self.wayOutName,
                    databases: nil))
        }
        self.outlets = outlets
    }

    /// The lines of an algorithm's `/etc/hosts`.
    var hosts: String {
        var lines = ["127.0.0.1 localhost proxyserver"]
        for outlet in outlets {
            guard let name = outlet.hostName else { continue }
            let line = "\(outlet.address) \(name)"
            if !lines.contains(line) { lines.append(line) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The variables that lead an algorithm to the way out; empty when there is none.
    var environment: [String: String] {
        guard outlets.contains(where: { $0.target == .allowList }) else { return [:] }
        let proxy = "http://\(Self.wayOutName):\(Self.wayOutPort)"
        let exceptions = "localhost, proxyserver"
        return [
            "HTTP_PROXY": proxy, "http_proxy": proxy, "HTTPS_PROXY": proxy, "https_proxy": proxy,
            "NO_PROXY": exceptions, "no_proxy": exceptions,
        ]
    }

    /// The arguments of a relay: the proxy first.
    var relayArguments: [String] {
        [RelayImage.socketFolder, "127.0.0.1:\(RunPaths.proxyPort)=s"] + outlets.map(\.argument)
    }
}

/// Hands out loopback addresses, one for each host.
private struct LoopbackPlaces {
    private var known: [String: String] = [:]

    mutating func address(of host: String) -> String {
        if let address = known[host.lowercased()] { return address }
        let number = known.count
        let address = "127.0.\(1 + number / 250).\(1 + number % 250)"
        known[host.lowercased()] = address
        return address
    }

    /// Whether a host is an address, or a name that means another machine inside the container than outside.
    static func isBare(_ host: String) -> Bool { host.lowercased() == "localhost" || IPAddress(host) != nil }
}
