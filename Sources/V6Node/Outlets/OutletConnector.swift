// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import V6Kit

/// Connects the node's side of an outlet to its target.
struct OutletConnector: Sendable {
    /// Why there is no connection; goes to the algorithm where its protocol has room for it, and to the node's log.
    struct Refusal: Error, Sendable, CustomStringConvertible {
        let description: String
    }

    static let timeout = TimeAmount.seconds(10)

    /// Names that the configuration gives addresses (`node_extra_hosts`).
    let extraHosts: [String: String]
    let allowList: AllowList?
    let engine: any ContainerEngine
    /// The near end of a tunnel, by name.
    let tunnelSocket: @Sendable (String) -> String

    /// Connects to a fixed target.
    /// - Throws: ``Refusal``.
    func connect(_ target: Outlet.Target, on loop: any EventLoop) async throws -> any Channel {
        switch target {
        case .tcp(let host, let port):
            return try await connect(try await addresses(of: host), port: port, host: host, on: loop)
        case .tunnel(let name):
            do { return try await Self.bootstrap(loop).connect(unixDomainSocketPath: tunnelSocket(name)).get() } catch {
                throw Refusal(description: "the SSH tunnel \(name) is not up")
            }
        case .container(let name, let port):
            return try await connect(container: name, port: port, on: loop)
        case .allowList:
            throw Refusal(description: "the way out needs a request that names where to")
        }
    }

    /// Connects to a host that an algorithm names, if the allow-list permits it.
    ///
    /// What is checked is what is connected to: the name is resolved once.
    /// - Throws: ``Refusal``.
    func connect(host: String, port: Int, on loop: any EventLoop) async throws -> any Channel {
        guard let allowList else { throw Refusal(description: "this node has no allow-list") }
        if let reason = allowList.refusal(host: host, port: port) {
            throw Refusal(description: "this node does not let algorithms connect to \(host):\(port): \(reason)")
        }
        let admitted = try await addresses(of: host).filter { allowList.admits($0, behind: host) }
        guard !admitted.isEmpty else {
            let reason =
                allowList.lists(host)
                ? "it leads to a private address that is not in whitelist.ips"
                : "it is not in whitelist.ips"
            throw Refusal(description: "this node does not let algorithms connect to \(host):\(port): \(reason)")
        }
        return try await connect(admitted, port: port, host: host, on: loop)
    }

    private func addresses(of host: String) async throws -> [IPAddress] {
        let name = extraHosts[host].map { $0 == "host-gateway" ? "127.0.0.1" : $0 } ?? host
        var found = try await NIOThreadPool.singleton.runIfActive { IPAddress.lookUp(name) }
        // Docker's name for the machine itself, which is here without Docker in between.
        if found.isEmpty, name == "host.docker.internal" { found = [IPAddress(bytes: [127, 0, 0, 1])] }
        guard !found.isEmpty else { throw Refusal(description: "the node finds no address for \(host)") }
        return found
    }

    private func connect(
        _ addresses: [IPAddress], port: Int, host: String, on loop: any EventLoop
    ) async throws -> any Channel {
        var failure = ""
        for address in addresses {
            do {
                return try await Self.bootstrap(loop).connect(
                    to: try SocketAddress(ipAddress: address.description, port: port)
                ).get()
            } catch let error as IOError {
                failure = String(cString: strerror(error.errnoCode))
            } catch ChannelError.connectTimeout {
                failure = "no answer"
            } catch {
                failure = "\(error)"
            }
        }
        throw Refusal(description: "the node cannot connect to \(host):\(port) (\(failure))")
    }

    private func connect(container: String, port: Int, on loop: any EventLoop) async throws -> any Channel {
        guard let endpoints = try await engine.endpoints(container) else {
            throw Refusal(description: "there is no container \(container) (docker_services)")
        }
        for (address, port) in endpoints.places(of: port) {
            do {
                return try await Self.bootstrap(loop).connect(to: try SocketAddress(ipAddress: address, port: port))
                    .get()
            } catch {
                continue
            }
        }
        throw Refusal(
            description: "container \(container) cannot be reached at port \(port); publish the port on 127.0.0.1")
    }

    private static func bootstrap(_ loop: any EventLoop) -> ClientBootstrap {
        ClientBootstrap(group: loop).connectTimeout(timeout)
            .channelOption(.allowRemoteHalfClosure, value: true)
            // Nothing may arrive before somebody listens.
            .channelOption(.autoRead, value: false)
    }
}
